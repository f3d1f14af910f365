namespace Chat.Load.Reporting;

/// <summary>Figures second by second, beside the columns of a report.</summary>
internal sealed class Timeline
{
    /// <summary>Two hours: a command never runs so long.</summary>
    private const int MomentsMax = 7_200;

    private readonly List<Moment> _moments = [];

    public IReadOnlyList<Moment> Moments => _moments;

    public void Add(Moment moment)
    {
        if (_moments.Count < MomentsMax) _moments.Add(moment);
    }
}

/// <summary>One second.</summary>
/// <param name="Second">Since the first.</param>
/// <param name="Phase">What was going on.</param>
internal sealed record Moment(int Second, string Phase, IReadOnlyList<Figure> Figures);
