using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Chat.Ids;

/// <summary>
/// One conversation. A direct conversation's id follows from its two users and a key of the installation
/// (<see cref="DirectIds"/>). On the wire: 32 lower-case hexadecimal digits.
/// </summary>
[GenerateSerializer, Immutable, Alias("chat.conversation-id")]
public readonly record struct ConversationId([property: Id(0)] Guid Value)
{
    /// <summary>The conversation of two users (or the notebook of one), whichever of them asks.</summary>
    /// <param name="key">Empty: anybody who knows the two users can tell it.</param>
    public static ConversationId Direct(UserId one, UserId other, ReadOnlySpan<byte> key)
    {
        var (first, second) = one <= other ? (one, other) : (other, one);
        Span<byte> pair = stackalloc byte[32];
        first.Value.TryWriteBytes(pair, bigEndian: true, out _);
        second.Value.TryWriteBytes(pair[16..], bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[32];
        if (key.IsEmpty) SHA256.HashData(pair, hash);
        else HMACSHA256.HashData(key, pair, hash);
        return new ConversationId(new Guid(hash[..16], bigEndian: true));
    }

    /// <summary>Accepts the wire form in either case; anything else is no conversation.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ConversationId id)
    {
        var parsed = Guid.TryParseExact(text, "N", out var value);
        id = new ConversationId(value);
        return parsed;
    }

    /// <summary>The wire's id of one entry: it follows from its place, so it is stored nowhere.</summary>
    public string MessageId(long seq) => string.Create(null, $"{Value:N}-{seq}");

    public override string ToString() => Value.ToString("N");
}
