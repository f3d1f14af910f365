using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Chat.Ids;

/// <summary>
/// One conversation. A direct conversation's id follows from its two users, so that both find the same one without
/// asking anybody. On the wire: 32 lower-case hexadecimal digits.
/// </summary>
[GenerateSerializer, Immutable, Alias("chat.conversation-id")]
public readonly record struct ConversationId([property: Id(0)] Guid Value)
{
    /// <summary>The conversation of two users (or the notebook of one), whichever of them asks.</summary>
    public static ConversationId Direct(UserId one, UserId other)
    {
        var (first, second) = one <= other ? (one, other) : (other, one);
        Span<byte> pair = stackalloc byte[32];
        first.Value.TryWriteBytes(pair, bigEndian: true, out _);
        second.Value.TryWriteBytes(pair[16..], bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(pair, hash);
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
