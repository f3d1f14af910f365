using Microsoft.Extensions.Time.Testing;

namespace Chat.Tests.Harness;

/// <summary>A clock that stands still and says how many have begun to wait by it.</summary>
internal sealed class SignallingTime : FakeTimeProvider
{
    public Observed<TimeSpan> Waits { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Waits.Record(dueTime);
        return timer;
    }
}
