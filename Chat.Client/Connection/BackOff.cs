namespace Chat.Client;

/// <summary>
/// Exponential back-off with full jitter: attempt <c>n</c> waits somewhere between nothing and the ceiling
/// <c>first × 2ⁿ</c>, so that many clients cut off at once do not come back at once.
/// </summary>
internal sealed class BackOff(TimeSpan first, TimeSpan max, Random random)
{
    /// <param name="attempt">From 0.</param>
    /// <param name="atLeast">What the server asked for: waited in full, with the jitter on top.</param>
    public TimeSpan Wait(int attempt, TimeSpan? atLeast = null)
    {
        var ceiling = Math.Min(max.Ticks, first.Ticks * Math.Pow(2, Math.Min(attempt, 40)));
        double share;
        lock (random) share = random.NextDouble();
        return (atLeast ?? TimeSpan.Zero) + TimeSpan.FromTicks((long)(ceiling * share));
    }
}
