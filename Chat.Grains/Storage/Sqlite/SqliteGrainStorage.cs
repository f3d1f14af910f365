using System.Globalization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Chat.Storage.Sqlite;

/// <summary>Small, seldom written grain state (<c>[PersistentState]</c>) in the same file as everything else.</summary>
/// <remarks>An etag is a counter; it goes on over a cleared state, so that an old one never fits again.</remarks>
internal sealed class SqliteGrainStorage(
    SqliteDatabase database, IGrainStorageSerializer serializer, IActivatorProvider activators) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var stored = await database.ReadAsync(
            session =>
            {
                var row = session.Get("SELECT etag, payload FROM grain_state WHERE state_name = ? AND grain_id = ?")
                    .Bind(1, stateName).Bind(2, grainId.ToString());
                if (!row.Step())
                    return default;
                (long? Etag, byte[]? Payload) found = (row.Long(0), row.IsNull(1) ? null : row.Bytes(1).ToArray());
                row.Reset();
                return found;
            },
            CancellationToken.None);
        grainState.ETag = stored.Etag?.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = stored.Payload is not null;
        var state = stored.Payload is { } payload ? serializer.Deserialize<T>(new BinaryData(payload)) : default;
        grainState.State = state ?? Blank<T>();
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var payload = serializer.Serialize(grainState.State).ToMemory();
        grainState.ETag = await StoreAsync(stateName, grainId, grainState.ETag, payload);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.ETag = await StoreAsync(stateName, grainId, grainState.ETag, payload: null);
        grainState.RecordExists = false;
        grainState.State = Blank<T>();
    }

    private T Blank<T>() => activators.GetActivator<T>().Create();

    /// <returns>The new etag.</returns>
    private async Task<string> StoreAsync(
        string stateName, GrainId grainId, string? etag, ReadOnlyMemory<byte>? payload)
    {
        // A part of its command may be written by now, so it is not refused for want of room.
        var (stored, isOurs) = await database.WriteInTurnAsync(
            session => Store(session, stateName, grainId.ToString(), etag, payload), CancellationToken.None);
        var now = stored?.ToString(CultureInfo.InvariantCulture);
        return isOurs
            ? now!
            : throw new InconsistentStateException(
                $"State '{stateName}' of {grainId} was written by another activation.", now, etag);
    }

    private static (long? Stored, bool IsOurs) Store(
        SqliteSession session, string stateName, string grainId, string? etag, ReadOnlyMemory<byte>? payload)
    {
        var stored = session.Get("SELECT etag FROM grain_state WHERE state_name = ? AND grain_id = ?")
            .Bind(1, stateName).Bind(2, grainId)
            .Scalar();
        if (stored?.ToString(CultureInfo.InvariantCulture) != etag)
            return (stored, false);

        var next = (stored ?? 0) + 1;
        var write = session.Get(
            """
            INSERT INTO grain_state (state_name, grain_id, etag, payload) VALUES (?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET etag = excluded.etag, payload = excluded.payload
            """).Bind(1, stateName).Bind(2, grainId).Bind(3, next);
        if (payload is { } bytes)
            write.BindBlob(4, bytes.Span);
        else
            write.BindNull(4);
        write.Run();
        return (next, true);
    }
}
