namespace Chat.Gateway.Overload;

/// <summary>
/// How many sends are answered in a second. Answers come in waves, as commits do: it is that of whole seconds.
/// </summary>
internal sealed class AnswerPace(TimeProvider time)
{
    /// <summary>So much of the best is kept from second to second: a minute halves it.</summary>
    private const double Kept = 0.99;

    private long _from = time.GetTimestamp();
    private int _counted;

    /// <summary>Of the last whole second; 0: not known yet.</summary>
    public double PerSecond { get; private set; }

    /// <summary>Of the best second of late.</summary>
    public double Best { get; private set; }

    public void Count(long now)
    {
        var took = time.GetElapsedTime(_from, now).TotalSeconds;
        if (took >= 1)
        {
            (PerSecond, _counted, _from) = (_counted / took, 0, now);
            Best = Math.Max(Best * Kept, PerSecond);
        }

        _counted++;
    }
}
