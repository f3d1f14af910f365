using Chat.Delivery;

namespace Chat.Receipts;

/// <summary>
/// How far one member of one conversation has got. The conversation's grain raises <see cref="Current"/>; the journal
/// raises what is durable, from its own thread: each of the two numbers only rises, so that they may be read one by
/// one.
/// </summary>
internal sealed class MemberProgress(Watermarks stored, Fanout fanout)
{
    private PushedReceipt? _pushedToBlind;
    private long _durableDelivered = stored.DeliveredSeq;
    private long _durableRead = stored.ReadSeq;

    public Watermarks Current { get; set; } = stored;

    /// <summary>What the others were told of <see cref="Current"/>.</summary>
    public PushedReceipt Pushed { get; } = new(fanout);

    /// <summary>What those were told who may not see his reading.</summary>
    public PushedReceipt PushedToBlind => _pushedToBlind ??= new PushedReceipt(fanout);

    /// <summary>To be called when what was pushed is durable.</summary>
    public Task PushAgainAsync() => _pushedToBlind is { } toBlind
        ? Task.WhenAll(Pushed.PushAgainAsync(), toBlind.PushAgainAsync())
        : Pushed.PushAgainAsync();

    public Watermarks Durable => new(Volatile.Read(ref _durableDelivered), Volatile.Read(ref _durableRead));

    /// <summary>Called by the journal alone.</summary>
    public void RaiseDurable(Watermarks written)
    {
        Volatile.Write(ref _durableDelivered, Math.Max(_durableDelivered, written.DeliveredSeq));
        Volatile.Write(ref _durableRead, Math.Max(_durableRead, written.ReadSeq));
    }
}
