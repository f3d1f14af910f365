using Microsoft.Extensions.Time.Testing;

namespace Chat.Tests.Harness;

/// <summary>A clock on which whoever waits has waited.</summary>
internal sealed class PassingTime : FakeTimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Advance(dueTime);
        return timer;
    }
}
