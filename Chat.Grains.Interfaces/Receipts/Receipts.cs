using Chat.Ids;
using MessagePack;

namespace Chat.Receipts;

/// <summary>How far one member has got: all up to here. Reading implies having.</summary>
[GenerateSerializer, Immutable, Alias("chat.watermarks"), MessagePackObject]
public readonly record struct Watermarks(
    [property: Id(0), Key("deliveredSeq")] long DeliveredSeq,
    [property: Id(1), Key("readSeq")] long ReadSeq)
{
    /// <summary>The higher of both, each for itself: a watermark never moves back.</summary>
    public Watermarks RaisedBy(Watermarks other) => new(
        Math.Max(Math.Max(DeliveredSeq, other.DeliveredSeq), Math.Max(ReadSeq, other.ReadSeq)),
        Math.Max(ReadSeq, other.ReadSeq));

    public Watermarks CutOffAt(long seq) => new(Math.Min(DeliveredSeq, seq), Math.Min(ReadSeq, seq));

    public bool Covers(Watermarks other) => DeliveredSeq >= other.DeliveredSeq && ReadSeq >= other.ReadSeq;
}

/// <summary>A member says how far he has got.</summary>
/// <param name="Origin">The connection that said so, which is not told of it; 0: several or none.</param>
/// <param name="Urgent">Answer only when durable: somebody is about to read what was marked.</param>
[GenerateSerializer, Immutable, Alias("chat.receipt-mark")]
public readonly record struct ReceiptMark(
    [property: Id(0)] UserId UserId,
    [property: Id(1)] Watermarks Watermarks,
    [property: Id(2)] long Origin,
    [property: Id(3)] bool Urgent = false);

/// <summary>Where a member stands after a mark.</summary>
/// <param name="Durable">What of it survives the death of every process.</param>
[GenerateSerializer, Immutable, Alias("chat.mark-outcome")]
public readonly record struct MarkOutcome(
    [property: Id(0)] Watermarks Current,
    [property: Id(1)] Watermarks Durable);

/// <summary>Pushed: a member has got further. Cumulative.</summary>
/// <param name="ReadSeq">Null: hidden from whom it is pushed to.</param>
/// <param name="At">When the watermark passed, to the second.</param>
[GenerateSerializer, Immutable, Alias("chat.receipt-advanced"), MessagePackObject]
public sealed record ReceiptAdvanced(
    [property: Id(0), Key("conversationId")] ConversationId ConversationId,
    [property: Id(1), Key("userId")] UserId UserId,
    [property: Id(2), Key("deliveredSeq")] long DeliveredSeq,
    [property: Id(3), Key("readSeq")] long? ReadSeq,
    [property: Id(4), Key("at")] DateTimeOffset At);

/// <summary>
/// Pushed to the author of an entry of a large group: how many have it. Cumulative, in steps.
/// </summary>
/// <param name="MemberCount">Of so many who were to get it; its author is not among them.</param>
[GenerateSerializer, Immutable, Alias("chat.receipt-counts"), MessagePackObject]
public sealed record ReceiptCounts(
    [property: Id(0), Key("conversationId")] ConversationId ConversationId,
    [property: Id(1), Key("seq")] long Seq,
    [property: Id(2), Key("deliveredCount")] int DeliveredCount,
    [property: Id(3), Key("readCount")] int ReadCount,
    [property: Id(4), Key("memberCount")] int MemberCount);

/// <summary>Answer of <c>GetReceipts</c>: of all who were to get the entry; its sender is not among them.</summary>
[GenerateSerializer, Immutable, Alias("chat.receipt-list"), MessagePackObject]
public sealed record ReceiptList(
    [property: Id(0), Key("members")] IReadOnlyList<MemberReceipt> Members,
    [property: Id(1), Key("deliveredCount")] int DeliveredCount,
    [property: Id(2), Key("readCount")] int ReadCount,
    [property: Id(3), Key("memberCount")] int MemberCount);

/// <summary>When one member's watermarks first passed an entry, to the second.</summary>
[GenerateSerializer, Immutable, Alias("chat.member-receipt"), MessagePackObject]
public sealed record MemberReceipt(
    [property: Id(0), Key("userId")] UserId UserId,
    [property: Id(1), Key("deliveredAt")] DateTimeOffset? DeliveredAt,
    [property: Id(2), Key("readAt")] DateTimeOffset? ReadAt);
