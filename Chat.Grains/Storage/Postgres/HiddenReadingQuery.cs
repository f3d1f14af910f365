using Chat.Ids;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>Reads, of some users, who hides his reading from whom of them or from everybody.</summary>
internal static class HiddenReadingQuery
{
    private const string Sql =
        """
        SELECT user_id, from_id FROM reading_hidden
        WHERE user_id = ANY ($1) AND from_id = ANY (array_append($1, '00000000-0000-0000-0000-000000000000'))
        """;

    public static async Task<HiddenReading> ReadAsync(
        NpgsqlConnection connection, IReadOnlyCollection<UserId> users, CancellationToken cancel)
    {
        if (users.Count == 0)
            return HiddenReading.None;
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.With([.. users.Select(user => user.Value)]);
        var rows = new HashSet<(UserId, UserId)>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            rows.Add((new UserId(reader.GetGuid(0)), new UserId(reader.GetGuid(1))));
        return rows.Count == 0 ? HiddenReading.None : new HiddenReading(rows);
    }
}
