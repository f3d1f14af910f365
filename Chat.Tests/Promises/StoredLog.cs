using System.Data.Common;
using Chat.Ids;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Chat.Tests.Promises;

/// <summary>One entry as it lies in the store.</summary>
internal readonly record struct StoredEntry(string Chat, long Seq, string SenderId, string ClientMessageId);

/// <summary>Reads what is stored from the tables themselves, past everything that serves it.</summary>
internal static class StoredLog
{
    /// <summary>All entries of a cluster's database, by conversation and seq.</summary>
    internal static async Task<List<StoredEntry>> OfPostgresAsync(string connectionString)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using var database = new NpgsqlConnection(unpooled.ConnectionString);
        return await ReadAsync(
            database,
            """
            SELECT conversation_id, seq, sender_id, coalesce(client_message_id, '')
            FROM message ORDER BY conversation_id, seq
            """,
            column => (Guid)column);
    }

    /// <summary>All entries of a data directory, by conversation and seq; its process may run or not.</summary>
    internal static async Task<List<StoredEntry>> OfSqliteAsync(string dataDirectory)
    {
        var file = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(dataDirectory, "chat.db"),
            // Writable, so that the journal of a killed process can be read back.
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        };
        await using var database = new SqliteConnection(file.ToString());
        return await ReadAsync(
            database,
            """
            SELECT c.conversation_id, m.seq, u.user_id, coalesce(m.client_message_id, '')
            FROM message m
            JOIN conversation c ON c.key = m.conversation_key
            JOIN user_key u ON u.key = m.sender_key
            ORDER BY c.conversation_id, m.seq
            """,
            column => new Guid((byte[])column, bigEndian: true));
    }

    private static async Task<List<StoredEntry>> ReadAsync(
        DbConnection database, string sql, Func<object, Guid> toId)
    {
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var entries = new List<StoredEntry>();
        while (await reader.ReadAsync())
        {
            entries.Add(new StoredEntry(
                new ConversationId(toId(reader.GetValue(0))).ToString(),
                reader.GetInt64(1),
                new UserId(toId(reader.GetValue(2))).ToString(),
                reader.GetString(3)));
        }

        return entries;
    }
}
