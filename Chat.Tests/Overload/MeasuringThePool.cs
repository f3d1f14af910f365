using Chat.Overload;
using Chat.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Overload;

/// <summary>How long work waits for a thread is measured, and is load like any other queue.</summary>
public sealed class MeasuringThePool
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<IThreadPoolWorkItem> _queued = [];
    private readonly PoolDelay _delay;

    public MeasuringThePool() => _delay = new PoolDelay(_time, _queued.Add);

    [Fact]
    public void It_is_what_the_last_item_waited_and_grows_while_one_waits_longer()
    {
        _delay.Measure();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(2), _delay.Current);

        RunLast();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(2), _delay.Current);

        _delay.Measure();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(2), _delay.Current);
        RunLast();
        Assert.Equal(TimeSpan.FromSeconds(1), _delay.Current);
    }

    [Fact]
    public void One_item_waits_at_a_time()
    {
        _delay.Measure();
        _delay.Measure();
        Assert.Single(_queued);

        RunLast();
        _delay.Measure();
        Assert.Equal(2, _queued.Count);
    }

    [Fact]
    public async Task A_process_whose_work_waits_gets_to_the_highest_level_by_itself()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration[$"{OverloadOptions.Section}:{nameof(OverloadOptions.LookEvery)}"] = "00:00:00.01";
        // Whoever looks at this clock twice sees two seconds go by, so every item has waited that long.
        builder.Services.AddSingleton<TimeProvider>(
            new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(2) });
        builder.AddLoadLevels();
        using var host = builder.Build();
        await host.StartAsync();
        var gauge = host.Services.GetRequiredService<LoadGauge>();

        await Eventually.HoldsAsync("the level to rise", () => gauge.Level == LoadLevel.RefusesSends);

        await host.StopAsync();
    }

    private void RunLast() => _queued[^1].Execute();
}
