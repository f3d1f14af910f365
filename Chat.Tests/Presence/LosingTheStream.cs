using Chat.Tests.Harness;
using Chat.Tests.Language;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Providers;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Presence;

/// <summary>A stream that fails while it runs costs promptness and nothing else.</summary>
[Collection(ProcessTests.Collection)]
public sealed class LosingTheStream(ITestOutputHelper output)
{
    [Fact]
    public async Task When_a_running_stream_begins_to_fail_watchers_learn_by_renewal_and_the_gateway_lives()
    {
        var queues = new StreamQueues();
        var settings = PresenceTown.Quick;
        settings["Chat__Presence__RenewEvery"] = "00:00:00.4";
        await using var gateway = await HostedGateway.StartAsync(
            settings, services => services.AddSingleton<IIncomingGrainCallFilter>(queues));
        await using var town = new Town(() => [gateway.Address], () => "", output);
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(gateway.Address);
        var bob = await people[1].OnAsync(gateway.Address);
        await alice.LooksAtAsync(people[1]);
        await bob.Chat.ReportActivityAsync();
        await alice.SeesAsync(people[1], online: true);
        await Eventually.HoldsAsync("the stream to run", () => queues.Taken > 0);

        queues.AreFull = true;
        await bob.DisposeAsync();
        await alice.SeesAsync(people[1], online: false);
        await Eventually.HoldsAsync("the stream to fail", () => queues.Refused > 0);
        var before = alice.Presences.Count;
        bob = await people[1].OnAsync(gateway.Address);
        await bob.Chat.ReportActivityAsync();
        await alice.SeesAsync(people[1], online: true, after: before);

        Assert.True(gateway.IsAlive);
        Assert.Equal((1, 1), (alice.Connects, bob.Connects));
    }

    /// <summary>The queues under the memory stream, which throw as they do when nobody has emptied them.</summary>
    private sealed class StreamQueues : IIncomingGrainCallFilter
    {
        private int _taken;
        private int _refused;
        private volatile bool _areFull;

        internal int Taken => Volatile.Read(ref _taken);

        internal int Refused => Volatile.Read(ref _refused);

        internal bool AreFull { set => _areFull = value; }

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.Grain is not MemoryStreamQueueGrain
                || context.MethodName != nameof(IMemoryStreamQueueGrain.Enqueue)) return context.Invoke();
            if (_areFull)
            {
                Interlocked.Increment(ref _refused);
                throw new InvalidOperationException("The queue is full.");
            }

            Interlocked.Increment(ref _taken);
            return context.Invoke();
        }
    }
}
