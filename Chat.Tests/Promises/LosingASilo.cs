using System.Diagnostics;
using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>After a silo's death or freeze: no long silence, no deaf gateway, no second writer.</summary>
[Collection(PromiseTests.Collection)]
public sealed class LosingASilo(PromiseCluster house, ITestOutputHelper output)
{
    /// <summary>The aim is 5 s and about 2 are usual; timings of a busy machine are no assertion.</summary>
    private static readonly TimeSpan Bearable = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task After_a_kill_each_conversation_takes_messages_and_pushes_flow_without_any_reconnect()
    {
        await using var town = await house.EnterAsync(output);
        var neighbours = await Neighbours.MoveInAsync(town);

        var silences = await neighbours.SilencesAsync(() => house.Cluster.Silos[0].KillAsync());
        await neighbours.EachHearsEachAsync();

        town.Tell($"longest silence: {silences.Values.Max().TotalSeconds:0.00} s");
        Assert.True(silences.Values.Max() < Bearable, $"A conversation was silent for {silences.Values.Max()}.");
        Assert.Empty(neighbours.Reconnected());
    }

    [Fact]
    public async Task After_a_rolling_restart_of_all_silos_no_gateway_is_deaf()
    {
        await using var town = await house.EnterAsync(output);
        var neighbours = await Neighbours.MoveInAsync(town);

        await ChatCluster.RollAsync([.. house.Cluster.Silos]);
        await neighbours.EachHearsEachAsync();

        Assert.Empty(neighbours.Reconnected());
    }

    [Fact(
        Skip = "Fails: a restarted silo ended with 134 instead of serving")]
    public async Task A_user_whose_grain_was_lost_is_told_to_resume_and_nobody_else()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync([.. Enumerable.Range(1, 12).Select(n => $"u{n}")]);
        await using var view = await ClusterView.OpenAsync(house.Cluster);
        var homes = new Dictionary<string, (Device Device, ChatProcess Silo)>();
        for (var i = 0; i < people.Length; i++)
        {
            var device = await people[i].OnAsync(town.Gateways[i % 2]);
            homes[people[i].Name] = (device, (await view.SiloOfAsync(people[i]))!);
        }

        var doomed = homes.Values.First().Silo;
        var concerned = homes.Values.Where(home => home.Silo == doomed).Select(home => home.Device).ToArray();
        var others = homes.Values.Where(home => home.Silo != doomed).Select(home => home.Device).ToArray();
        Assert.NotEmpty(others);

        await doomed.KillAsync();

        foreach (var device in concerned)
            await device.Resyncs.UntilAsync($"{device} to be told to resume", told => told.Count > 0);
        // A message to each of the others comes by push, behind whatever they might have been told in error.
        foreach (var device in others)
            await EventuallyHearsAsync(concerned[0], device);
        Assert.All(concerned, device => Assert.Single(device.Resyncs.Snapshot()));
        Assert.All(others, device => Assert.Empty(device.Resyncs.Snapshot()));
    }

    [Fact(
        Skip = "Fails: 18 of 20 answers after the thaw are successes; whether they are in the log is not settled")]
    public async Task A_frozen_silo_that_thaws_appends_nothing_and_its_conversation_went_on_elsewhere()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var bob = await people[1].OnAsync(town.Gateways[1]);
        var chat = await alice.OpenAsync(people[1]);
        var ledger = new Ledger();
        await ledger.InsistAsync(alice, chat, "before");
        await using var view = await ClusterView.OpenAsync(house.Cluster);
        var frozen = (await view.SiloOfChatAsync(chat))!;

        int elsewhere;
        try
        {
            frozen.Freeze();
            elsewhere = await GoOnElsewhereAsync(alice, bob, chat, ledger);
            frozen.Thaw();
            await Eventually.HoldsAsync(
                $"{frozen.Name} to find out that it is dead", () => !frozen.IsRunning, () => frozen.Output.Tail(5));
        }
        finally
        {
            await frozen.KillAsync();
        }

        await ledger.InsistAsync(alice, chat, "after");

        town.Tell($"{elsewhere} messages elsewhere; fenced: {WasFenced(frozen)}");
        Assert.True(elsewhere > 50, $"Only {elsewhere} messages were taken while the silo was frozen.");
        await ledger.CompareAsync(alice, [chat]);
        await ledger.CompareAsync(bob, [chat]);
        ledger.Compare(await StoredLog.OfPostgresAsync(house.Cluster.ConnectionString));
    }

    /// <returns>How many messages the conversation took within the 25 s.</returns>
    private static async Task<int> GoOnElsewhereAsync(Device alice, Device bob, string chat, Ledger ledger)
    {
        var begun = Stopwatch.GetTimestamp();
        // These lie in the frozen silo's sockets and are given up by who sent them: it finds them when it thaws.
        var codes = await Task.WhenAll(TryAsync(alice, chat, "given up"), TryAsync(bob, chat, "given up"));
        Assert.All(codes, code => Assert.Equal(ErrorCodes.Unavailable, code));
        var taken = 0;
        while (Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(25))
        {
            await ledger.InsistAsync(taken % 2 == 0 ? alice : bob, chat, $"elsewhere {++taken}");
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        return taken;
    }

    private static bool WasFenced(ChatProcess silo) =>
        silo.Output.Snapshot().Any(line => line.Contains("is fenced by", StringComparison.Ordinal));

    private static async Task<string> TryAsync(Device device, string chat, string text)
    {
        try
        {
            return $"seq {(await device.SendOnceAsync(chat, text)).Seq}";
        }
        catch (ChatException refused)
        {
            return refused.Code;
        }
    }

    private static async Task EventuallyHearsAsync(Device from, Device to)
    {
        var chat = await from.OpenAsync(to.Owner);
        await from.InsistAsync(chat, "are you there?");
        await to.HearsAsync("are you there?");
    }
}
