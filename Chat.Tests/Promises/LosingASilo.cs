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

    [Fact]
    public async Task A_user_whose_grain_was_lost_is_told_to_resume_and_nobody_else()
    {
        await using var town = await house.EnterAsync(output);
        await using var view = await ClusterView.OpenAsync(house.Cluster);
        var homes = new Dictionary<string, (Device Device, ChatProcess Silo)>();
        // A gateway places users on a silo that has just come back once it has heard of it.
        while (homes.Count < 8 || homes.Values.DistinctBy(home => home.Silo).Count() < 2)
        {
            var person = await town.WelcomeAsync($"u{homes.Count}");
            var device = await person.OnAsync(town.Gateways[homes.Count % 2]);
            homes[person.Name] = (device, (await view.SiloOfAsync(person))!);
            Assert.True(homes.Count < 200, "One silo is home to nobody.");
        }

        var doomed = homes.Values.First().Silo;
        var concerned = homes.Values.Where(home => home.Silo == doomed).Select(home => home.Device).ToArray();
        var others = homes.Values.Where(home => home.Silo != doomed).Select(home => home.Device).ToArray();

        await doomed.KillAsync();

        foreach (var device in concerned)
            await device.Resyncs.UntilAsync($"{device} to be told to resume", told => told.Count > 0);
        // A message to each of the others comes by push, behind whatever they might have been told in error.
        foreach (var device in others)
            await EventuallyHearsAsync(concerned[0], device);
        Assert.All(concerned, device => Assert.Single(device.Resyncs.Snapshot()));
        Assert.All(others, device => Assert.Empty(device.Resyncs.Snapshot()));
    }

    [Fact]
    public async Task A_frozen_silo_that_thaws_appends_nothing_and_its_conversation_went_on_elsewhere()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var chat = await alice.OpenAsync(people[1]);
        var ledger = new Ledger();
        await ledger.InsistAsync(alice, chat, "before");
        // Bob's gateway has not heard from the conversation yet, so each of his devices calls it on its own.
        var bobs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => people[1].OnAsync(town.Gateways[1])));
        await using var view = await ClusterView.OpenAsync(house.Cluster);
        var frozen = (await view.SiloOfChatAsync(chat))!;

        int elsewhere;
        List<StoredEntry> beforeTheThaw;
        try
        {
            frozen.Freeze();
            elsewhere = await GoOnElsewhereAsync(alice, bobs, chat, ledger);
            beforeTheThaw = await StoredLog.OfPostgresAsync(house.Cluster.ConnectionString);
            frozen.Thaw();
            await Eventually.HoldsAsync(
                $"{frozen.Name} to find out that it is dead", () => !frozen.IsRunning, () => frozen.Output.Tail(5));
        }
        finally
        {
            await frozen.KillAsync();
        }

        Assert.True(WasFenced(frozen), $"{frozen.Name} found nothing to append:\n{frozen.Output.Tail()}");
        Assert.True(elsewhere > 50, $"Only {elsewhere} messages were taken while the silo was frozen.");
        var stored = await StoredLog.OfPostgresAsync(house.Cluster.ConnectionString);
        Assert.Equal(beforeTheThaw, stored);
        await ledger.InsistAsync(alice, chat, "after");
        await ledger.CompareAsync(alice, [chat]);
        await ledger.CompareAsync(bobs[0], [chat]);
        ledger.Compare(await StoredLog.OfPostgresAsync(house.Cluster.ConnectionString));
    }

    /// <returns>How many messages the conversation took within the 25 s.</returns>
    private static async Task<int> GoOnElsewhereAsync(Device alice, Device[] bobs, string chat, Ledger ledger)
    {
        var begun = Stopwatch.GetTimestamp();
        // These lie in the frozen silo's sockets: it finds them when it thaws. Their senders give them up, except those
        // that Orleans carried to the successor.
        var codes = await Task.WhenAll(bobs.Append(alice).Select(device => GiveUpAsync(device, chat, ledger)));
        Assert.Contains(ErrorCodes.Unavailable, codes);
        Assert.All(codes, code => Assert.True(code is ErrorCodes.Unavailable || code.StartsWith("seq "), code));
        var taken = 0;
        while (Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(25))
        {
            await ledger.InsistAsync(taken % 2 == 0 ? alice : bobs[0], chat, $"elsewhere {++taken}");
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        return taken;
    }

    private static bool WasFenced(ChatProcess silo) =>
        silo.Output.Snapshot().Any(line => line.Contains("is fenced by", StringComparison.Ordinal));

    private static async Task<string> GiveUpAsync(Device device, string chat, Ledger ledger)
    {
        var id = device.Chat.NewClientMessageId();
        ledger.Sending(chat, device.Owner, id);
        try
        {
            return $"seq {(await device.SendOnceAsync(chat, "given up", id)).Seq}";
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
