using System.Diagnostics.CodeAnalysis;

namespace Chat.Ids;

/// <summary>Who a person is to the cluster. On the wire: 32 lower-case hexadecimal digits.</summary>
[GenerateSerializer, Immutable, Alias("chat.user-id")]
public readonly record struct UserId([property: Id(0)] Guid Value) : IComparable<UserId>
{
    /// <summary>Accepts the wire form in either case; anything else is no user.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out UserId id)
    {
        var parsed = Guid.TryParseExact(text, "N", out var value);
        id = new UserId(value);
        return parsed;
    }

    public int CompareTo(UserId other) => Value.CompareTo(other.Value);

    public static bool operator <(UserId left, UserId right) => left.CompareTo(right) < 0;
    public static bool operator >(UserId left, UserId right) => left.CompareTo(right) > 0;
    public static bool operator <=(UserId left, UserId right) => left.CompareTo(right) <= 0;
    public static bool operator >=(UserId left, UserId right) => left.CompareTo(right) >= 0;

    public override string ToString() => Value.ToString("N");
}
