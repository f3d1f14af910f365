using System.Buffers.Binary;
using Chat.Ids;

namespace Chat.Presence;

/// <summary>Which presence grain a user belongs to, and the stream that feeds it.</summary>
public static class PresenceShards
{
    /// <summary>Name of the stream provider.</summary>
    public const string Streams = "presence";

    /// <summary>Namespace of the streams; a stream's key is its grain's.</summary>
    public const string Activity = "chat.activity";

    public static int Of(UserId user, int shards)
    {
        Span<byte> bytes = stackalloc byte[16];
        user.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) % (uint)shards);
    }

    public static IPresenceGrain GetPresence(this IGrainFactory grains, int shard) =>
        grains.GetGrain<IPresenceGrain>(shard);
}
