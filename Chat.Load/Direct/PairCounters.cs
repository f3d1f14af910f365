using System.Collections.Concurrent;

namespace Chat.Load.Direct;

/// <summary>What went other than plainly, over all pairs.</summary>
internal sealed class PairCounters
{
    private readonly ConcurrentDictionary<string, long> _failed = new();
    private readonly ConcurrentDictionary<string, long> _resent = new();
    private long _foreign;
    private long _notSent;
    private long _repairs;

    /// <summary>Refused for good, by code.</summary>
    public IEnumerable<KeyValuePair<string, long>> FailedByCode => _failed;

    /// <summary>Refused for now or unanswered, and sent again, by code.</summary>
    public IEnumerable<KeyValuePair<string, long>> ResentByCode => _resent;

    /// <summary>Messages that nobody sent to whom they came, or not so.</summary>
    public long ForeignCount => Interlocked.Read(ref _foreign);

    /// <summary>Not sent: too many were unanswered at the pace asked for, or the ledger was full.</summary>
    public long NotSentCount => Interlocked.Read(ref _notSent);

    /// <summary>Reconnects and <c>ResyncRequired</c>.</summary>
    public long RepairCount => Interlocked.Read(ref _repairs);

    public void Failed(string code) => _failed.AddOrUpdate(code, 1, static (_, count) => count + 1);

    public void Resent(string code) => _resent.AddOrUpdate(code, 1, static (_, count) => count + 1);

    public void Foreign() => Interlocked.Increment(ref _foreign);

    public void NotSent() => Interlocked.Increment(ref _notSent);

    public void Repaired() => Interlocked.Increment(ref _repairs);
}
