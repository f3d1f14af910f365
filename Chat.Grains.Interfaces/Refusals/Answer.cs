using System.Diagnostics.CodeAnalysis;

namespace Chat.Refusals;

/// <summary>What a call answers: the value, or why not.</summary>
[GenerateSerializer, Immutable, Alias("chat.answer`1")]
public readonly record struct Answer<T>([property: Id(0)] T? Value, [property: Id(1)] Refusal? Refusal)
{
    [MemberNotNullWhen(true, nameof(Refusal))]
    [MemberNotNullWhen(false, nameof(Value))]
    public bool IsRefused => Refusal is not null;

    public static implicit operator Answer<T>(T value) => new(value, null);
    public static implicit operator Answer<T>(Refusal refusal) => new(default, refusal);
}
