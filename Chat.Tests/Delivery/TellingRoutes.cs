using System.Reflection;
using Chat.Delivery;
using Chat.Ids;
using Chat.Overload;
using Chat.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Chat.Tests.Delivery;

/// <summary>What a user's grain tells a silo arrives, however much waits before it, or that silo is gone.</summary>
public sealed class TellingRoutes
{
    private static readonly DeliveryOptions Narrow =
        new() { QueuedPushesMax = 2, BatchPushesMax = 1, CallsApart = TimeSpan.Zero };

    private readonly UserId[] _users = ScriptedCluster.Users(20);
    private readonly Observed<Route> _applied = new();
    private readonly TaskCompletionSource _answers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RouteLane _lane;
    private Func<bool> _isGone = () => false;

    public TellingRoutes()
    {
        var endpoint = DispatchProxy.Create<IRouteEndpoint, Silo>();
        ((Silo)endpoint).TakeAsync = async routes =>
        {
            foreach (var route in routes) _applied.Record(route);
            await _answers.Task;
        };
        var load = new LoadGauge(
            Options.Create(new OverloadOptions()), TimeProvider.System, NullLogger<LoadGauge>.Instance);
        _lane = new RouteLane(endpoint, () => _isGone(), Narrow, load, TimeProvider.System);
    }

    [Fact]
    public async Task A_notice_that_finds_the_queue_full_arrives_once_there_is_room()
    {
        var telling = Array.ConvertAll(_users, user => _lane.TellAsync(RouteOf(user, version: 1)));
        _answers.SetResult();

        var known = await Eventually.CompletesAsync("the silo to know of all", Task.WhenAll(telling));
        Assert.DoesNotContain(false, known);
        Assert.Equal(_users, _applied.Snapshot().Select(route => route.UserId).Order());
    }

    [Fact]
    public async Task Of_notices_of_one_user_that_find_no_room_the_newest_arrives()
    {
        await FillAsync();
        var telling = new List<Task<bool>>();
        for (var version = 1; version <= 10; version++) telling.Add(_lane.TellAsync(RouteOf(_users[^1], version)));
        _answers.SetResult();

        await Eventually.CompletesAsync("the silo to know of all", Task.WhenAll(telling));
        var his = _applied.Snapshot().Where(route => route.UserId == _users[^1]);
        Assert.Equal([10L], his.Select(route => route.Version));
    }

    [Fact]
    public async Task Whoever_tells_a_silo_that_is_gone_is_told_so_though_the_queue_was_full()
    {
        await FillAsync();
        var telling = Array.ConvertAll(_users, user => _lane.TellAsync(RouteOf(user, version: 2)));
        _isGone = () => true;
        _answers.SetException(new TimeoutException());

        Assert.DoesNotContain(true, await Eventually.CompletesAsync("the end of it", Task.WhenAll(telling)));
    }

    [Fact]
    public async Task Whoever_told_a_silo_hears_of_its_end_whenever_that_comes_to_be_known()
    {
        // Between any two looks at the membership the news may come.
        for (var looks = 0; looks < 4; looks++)
        {
            var looksLeft = looks;
            _isGone = () => looksLeft-- <= 0;
            _answers.TrySetException(new TimeoutException());
            var telling = _lane.TellAsync(RouteOf(_users[0], version: 1));

            Assert.False(await Eventually.CompletesAsync($"the end after {looks} looks", telling));
        }
    }

    /// <summary>One call is under way and the queue behind it is full.</summary>
    private async Task FillAsync()
    {
        _ = _lane.TellAsync(RouteOf(_users[0], version: 1));
        await _applied.UntilAsync("the first call", applied => applied.Count == 1);
        for (var i = 1; i <= Narrow.QueuedPushesMax; i++) _ = _lane.TellAsync(RouteOf(_users[i], version: 1));
    }

    private static Route RouteOf(UserId user, long version) => new(user, version, ScriptedCluster.Home, [], null);

#pragma warning disable CA1852 // A proxy derives from it.
    public class Silo : DispatchProxy
    {
        internal Func<Route[], Task> TakeAsync { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(IRouteEndpoint.Apply)
                ? TakeAsync((Route[])args![0]!)
                : throw new NotSupportedException(targetMethod.Name);
    }
#pragma warning restore CA1852
}
