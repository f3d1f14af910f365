using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Chat.Load.Messages;

/// <summary>
/// Client message ids of one run: UUIDs of version 7, as a good client makes them, whose random part says which message
/// of which conversation it is.
/// </summary>
internal sealed class MessageIds(TimeProvider time)
{
    public const int ConversationsMax = 1 << 16;
    public const int MessagesMax = 1 << 24;

    private readonly ushort _salt = (ushort)RandomNumberGenerator.GetInt32(1 << 16);

    public string Make(int conversation, int message)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(time.GetUtcNow()).TryWriteBytes(bytes, bigEndian: true, out _);
        // Byte 8 keeps the variant; the seven behind it are ours.
        BinaryPrimitives.WriteUInt16BigEndian(bytes[9..], _salt);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[11..], (ushort)conversation);
        bytes[13] = (byte)(message >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[14..], (ushort)message);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary>False: it is none of this run's.</summary>
    public bool TryRead(string? id, out int conversation, out int message)
    {
        (conversation, message) = (0, 0);
        Span<byte> bytes = stackalloc byte[16];
        if (!Guid.TryParseExact(id, "D", out var guid)) return false;
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        if (BinaryPrimitives.ReadUInt16BigEndian(bytes[9..]) != _salt) return false;
        conversation = BinaryPrimitives.ReadUInt16BigEndian(bytes[11..]);
        message = (bytes[13] << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        return true;
    }
}
