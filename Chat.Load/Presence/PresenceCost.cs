using Chat.Load.Measuring;
using Chat.Load.Reporting;

namespace Chat.Load.Presence;

/// <summary>What each phase took, round by round, and what follows from their means.</summary>
internal sealed class PresenceCost
{
    public List<Interval> Idle { get; } = [];

    public List<Interval> Talking { get; } = [];

    public List<Interval> Unseen { get; } = [];

    public List<Interval> Seen { get; } = [];

    /// <returns>CPU of all servers, ms a second; null: their processes are not known.</returns>
    public static double? PerSecond(Interval interval) =>
        interval.Servers is { } servers ? servers.Total * 1000 / interval.Seconds : null;

    public void AddTo(Report report)
    {
        var section = report.Add("cost");
        var (presence, message) = (Mean(Seen) - Mean(Unseen), Mean(Talking) - Mean(Idle));
        section.Add("presenceCpuMsPerSecond", "presence: server CPU, ms/s", presence);
        section.Add("messageCpuMsPerSecond", "a message a minute and user: server CPU, ms/s", message);
        section.Add(
            "presenceShareOfMessages", "presence, share of the messages", message > 0 ? presence / message : null);
    }

    private static double? Mean(List<Interval> phase) => phase.Average(PerSecond);
}
