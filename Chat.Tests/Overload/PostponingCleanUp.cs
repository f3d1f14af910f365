using Chat.Ids;
using Chat.Overload;
using Chat.Tests.Delivery;
using Chat.Tests.Harness;
using Chat.Users;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Overload;

/// <summary>Leases that ran out are looked for now and then, and not while there is much to do.</summary>
public sealed class PostponingCleanUp : IDisposable
{
    private static readonly OverloadOptions Tunables = new();
    private static readonly UserId Alice = ScriptedCluster.Users(1)[0];

    private readonly ApplicationLifetime _life = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly FakeTimeProvider _time = new();
    private readonly LoadGauge _gauge;
    private readonly LocalUsers _users;
    private readonly Observed<UserId> _told = new();
    private TimeSpan _drain;

    public PostponingCleanUp()
    {
        _gauge = new LoadGauge(Options.Create(Tunables), _time, NullLogger<LoadGauge>.Instance);
        _gauge.Watch("the test's", () => _drain);
        var grains = Played.By<IGrainFactory>((_, args) => Played.By<IUserGrain>((method, _) =>
        {
            if (method.Name != nameof(IUserGrain.ExpireLeases)) throw new NotSupportedException(method.Name);
            _told.Record(new UserId((Guid)args[0]!));
            return Task.CompletedTask;
        }));
        _users = new LocalUsers(
            grains, new ScriptedCluster().Silos, _gauge, _life, _time, NullLogger<LocalUsers>.Instance);
        _users.Enter(Alice).NextLeaseEnd = _time.GetUtcNow();
    }

    [Fact]
    public async Task From_level_five_on_nobody_is_told_and_below_it_again()
    {
        _drain = Tunables.DrainPerLevel * (int)LoadLevel.PostponesCleanUp;
        Look(times: 3);
        Assert.Equal(LoadLevel.PostponesCleanUp, _gauge.Level);
        await _users.SweepAsync();
        Assert.Empty(_told.Snapshot());

        _drain = TimeSpan.Zero;
        Look(times: 5);
        Assert.Equal(LoadLevel.SlowsReceipts, _gauge.Level);
        await _users.SweepAsync();

        Assert.Equal([Alice], _told.Snapshot());
    }

    /// <summary>Its user grains end with it: thousands of calls would fail, each with lines of the log.</summary>
    [Fact]
    public async Task A_silo_that_stops_tells_nobody()
    {
        _life.StopApplication();

        await _users.SweepAsync();

        Assert.Empty(_told.Snapshot());
    }

    [Fact]
    public async Task They_are_looked_for_now_and_then()
    {
        await _users.StartAsync(CancellationToken.None);

        // Its timer may not be there yet: time passes until it is.
        await Eventually.HoldsAsync("a look", () =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            return _told.Count > 0;
        });

        await _users.StopAsync(CancellationToken.None);
    }

    public void Dispose() => _users.Dispose();

    private void Look(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _time.Advance(Tunables.LookEvery);
            _gauge.Look();
        }
    }
}
