using Chat.Delivery;
using Chat.Ids;
using Chat.Tests.Harness;
using Chat.Users;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Chat.Tests.Users;

/// <summary>What a user decided last holds, however late an earlier decision is answered.</summary>
[Collection(ProcessTests.Collection)]
public sealed class ChangingSettingsInTurn
{
    [Fact]
    public async Task Who_was_unblocked_stays_so_though_his_blocking_is_answered_late()
    {
        var late = new LateAnswer(nameof(IUserSettingsGrain.SetBlocked));
        await using var silo = await StartAsync(late);
        var (alice, bob) = (silo.Grains.GetUser(new UserId(Guid.NewGuid())), new UserId(Guid.NewGuid()));

        var blocking = alice.Block(bob);
        await Eventually.CompletesAsync("the blocking to be decided", late.Given);
        var unblocking = alice.Unblock(bob);
        await OvertakeAsync(alice, unblocking);
        late.Come();
        await Task.WhenAll(blocking, unblocking);

        var route = await alice.Subscribe(silo.Get<SiloDirectory>().Local, withBlocks: true, number: 0);
        Assert.Empty(route.Blocked!);
    }

    [Fact]
    public async Task Who_shows_his_reading_again_shows_it_though_hiding_it_is_answered_late()
    {
        var late = new LateAnswer(nameof(IUserSettingsGrain.SetPrivacy));
        await using var silo = await StartAsync(late);
        var alice = silo.Grains.GetUser(new UserId(Guid.NewGuid()));

        var hiding = alice.SetPrivacy(new PrivacyChange(LastSeen: null, ReadReceipts: false));
        await Eventually.CompletesAsync("the hiding to be decided", late.Given);
        var showing = alice.SetPrivacy(new PrivacyChange(LastSeen: null, ReadReceipts: true));
        await OvertakeAsync(alice, showing);
        late.Come();
        await Task.WhenAll(hiding, showing);

        var route = await alice.Subscribe(silo.Get<SiloDirectory>().Local, withBlocks: false, number: 0);
        Assert.False(route.HidesReading);
    }

    private static Task<LoneSilo> StartAsync(LateAnswer late) =>
        LoneSilo.StartAsync(services => services.AddSingleton<IOutgoingGrainCallFilter>(late));

    /// <summary>The second change gets as far as it gets while the first has no answer.</summary>
    private static async Task OvertakeAsync(IUserGrain grain, Task second)
    {
        for (var calls = 0; calls < 2_000 && !second.IsCompleted; calls++) await grain.SpendSends([]);
    }

    /// <summary>The answer to the first call of a method is under way until <see cref="Come"/>.</summary>
    private sealed class LateAnswer(string method) : IOutgoingGrainCallFilter
    {
        private readonly TaskCompletionSource _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _come = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _calls;

        internal Task Given => _given.Task;

        internal void Come() => _come.SetResult();

        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            await context.Invoke();
            if (context.MethodName != method || context.Grain is IUserGrain
                || Interlocked.Increment(ref _calls) != 1) return;
            _given.SetResult();
            await _come.Task;
        }
    }
}
