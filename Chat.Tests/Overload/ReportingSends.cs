using Chat.Gateway.Sessions;
using Chat.Refusals;
using Chat.Users;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Overload;

/// <summary>A gateway reports sends in lots; what they are charged for is when they were sent.</summary>
public sealed class ReportingSends
{
    private const int PerSecond = 20;
    private const int Burst = 60;

    private static readonly ChatLimits Limits = new() { SendsPerSecond = PerSecond, SendBurst = Burst };

    private readonly FakeTimeProvider _time = new();
    private readonly TokenBucket _own;

    public ReportingSends() => _own = new TokenBucket(Limits, _time);

    [Theory]
    [InlineData(14, 10)]
    [InlineData(14, 214)]
    [InlineData(40, 60)]
    [InlineData(200, 55)]
    public void Once_it_has_filled_a_whole_burst_is_granted(int sends, int apartMs)
    {
        var gateway = Gateway();
        for (var i = 0; i < sends; i++)
        {
            Assert.True(gateway.TryTake(out _));
            _time.Advance(TimeSpan.FromMilliseconds(apartMs));
        }

        _time.Advance(TimeSpan.FromSeconds((double)Burst / PerSecond));

        for (var i = 0; i < Burst; i++) Assert.True(gateway.TryTake(out _), $"send {i + 1}");
        Assert.False(gateway.TryTake(out _));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(49)]
    public void Reports_take_nothing_from_who_uses_one_gateway(int apartMs)
    {
        var (gateway, alone) = (Gateway(), new TokenBucket(Limits, _time));
        for (var i = 0; i < 14; i++)
        {
            Assert.True(gateway.TryTake(out _) && alone.TryTake(out _));
            _time.Advance(TimeSpan.FromMilliseconds(apartMs));
        }

        while (alone.TryTake(out _)) Assert.True(gateway.TryTake(out _));
        Assert.False(gateway.TryTake(out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(60)]
    public void What_was_given_back_is_not_reported(int apartMs)
    {
        var reported = 0;
        var gateway = new SendBudget(Limits, _time, (_, spent) => reported += spent.Sum(sends => sends.Count));
        for (var i = 0; i < 10 * Burst; i++)
        {
            Assert.True(gateway.TryTake(out _));
            gateway.GiveBack();
            _time.Advance(TimeSpan.FromMilliseconds(apartMs));
        }

        Assert.Equal(0, reported + gateway.TakeUnreported().Sum(sends => sends.Count));
    }

    [Fact]
    public void However_many_wait_for_a_report_it_stays_small_and_counts_all()
    {
        const int Many = 1_000;
        var gateway = new SendBudget(
            new ChatLimits { SendsPerSecond = PerSecond, SendBurst = 10 * Many }, _time, (_, _) => { });
        for (var i = 0; i < Many; i++)
        {
            Assert.True(gateway.TryTake(out _));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var report = gateway.TakeUnreported();

        Assert.InRange(report.Length, 1, 64);
        Assert.Equal(Many, report.Sum(sends => sends.Count));
    }

    [Fact]
    public void Before_it_was_made_a_users_bucket_was_full()
    {
        _own.Spend(Burst / 2, TimeSpan.FromSeconds((double)Burst / PerSecond));

        Assert.Equal(Burst, _own.Left);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Over_all_gateways_a_user_has_one_rate(int gateways)
    {
        const int Seconds = 60;
        SendBudget[] budgets = [.. Enumerable.Range(0, gateways).Select(_ => Gateway())];
        var granted = 0;
        for (var tick = 0; tick < PerSecond * Seconds; tick++)
        {
            granted += budgets.Count(budget => budget.TryTake(out _));
            _time.Advance(TimeSpan.FromSeconds(1.0 / PerSecond));
        }

        var unreported = gateways * ((Burst / 4) + 2);
        Assert.InRange(granted, PerSecond * Seconds, Burst + (PerSecond * Seconds) + unreported);
    }

    private SendBudget Gateway() => new(Limits, _time, Settle);

    private void Settle(SendBudget budget, SpentSends[] spent)
    {
        foreach (var sends in spent) _own.Spend(sends.Count, sends.Ago);
        budget.Apply(new SendAllowance(_own.Left));
    }
}
