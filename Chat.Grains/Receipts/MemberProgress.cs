using Chat.Delivery;
using Chat.Ids;

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

    /// <summary>To be called when more is durable: whether any of what was pushed is to be pushed again.</summary>
    public bool IsPushOwed() => Pushed.IsOwed(Durable) | (_pushedToBlind?.IsOwed(Durable) ?? false);

    /// <param name="sees">Who may see his reading by now.</param>
    /// <param name="hears">Who may be told of him at all.</param>
    public void PushAgain(Func<UserId, bool> sees, Func<UserId, bool> hears)
    {
        Pushed.PushAgain(sees, Durable);
        _pushedToBlind?.PushAgain(hears, Durable);
    }

    /// <summary>Instead, where nobody can say any more who may see what.</summary>
    public void TellToResume()
    {
        Pushed.TellToResume(Durable);
        _pushedToBlind?.TellToResume(Durable);
    }

    public Watermarks Durable => new(Volatile.Read(ref _durableDelivered), Volatile.Read(ref _durableRead));

    /// <summary>Called by the journal alone.</summary>
    public void RaiseDurable(Watermarks written)
    {
        Volatile.Write(ref _durableDelivered, Math.Max(_durableDelivered, written.DeliveredSeq));
        Volatile.Write(ref _durableRead, Math.Max(_durableRead, written.ReadSeq));
    }
}
