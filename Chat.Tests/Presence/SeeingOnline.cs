using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Promises;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Presence;

/// <summary>Online is a connection and input not long ago; last seen is the last input.</summary>
[Collection(ProcessTests.Collection)]
public sealed class SeeingOnline(ITestOutputHelper output)
{
    /// <summary>One share, so that what is heard of somebody has overtaken nothing of another before it.</summary>
    private static readonly (string, string) OneShare = ("Shards", "1");

    [Fact]
    public async Task A_watcher_sees_who_touches_the_app_come_and_go()
    {
        await using var town = await PresenceTown.OpenAsync(output);
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await town.OnAsync(people[0]);
        var bob = await town.OnAsync(people[1]);
        var before = await alice.LooksAtAsync(people[1]);
        Assert.False(before.Online);
        Assert.Null(before.LastSeen);

        await bob.Chat.ReportActivityAsync();
        var online = await alice.SeesAsync(people[1], online: true);
        await bob.DisposeAsync();
        var offline = await alice.SeesAsync(people[1], online: false);

        Assert.Equal(online.LastSeen, offline.LastSeen);
        Assert.NotNull(offline.LastSeen);
    }

    [Fact]
    public async Task Without_further_input_somebody_who_is_connected_goes_offline()
    {
        await using var town = await PresenceTown.OpenAsync(output, ("OnlineSeconds", "0.5"));
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await town.OnAsync(people[0]);
        var bob = await town.OnAsync(people[1]);
        await alice.LooksAtAsync(people[1]);

        await bob.Chat.ReportActivityAsync();

        await alice.SeesAsync(people[1], online: true);
        await alice.SeesAsync(people[1], online: false);
    }

    [Fact]
    public async Task A_send_a_read_and_typing_are_input_and_what_an_app_does_by_itself_is_not()
    {
        await using var town = await PresenceTown.OpenAsync(output, OneShare);
        var people = await town.WelcomeAsync("alice", "bob", "carol", "dave");
        var alice = await town.OnAsync(people[0]);
        var bob = await town.OnAsync(people[1]);
        var carol = await town.OnAsync(people[2]);
        var dave = await town.OnAsync(people[3]);
        var chat = await carol.OpenAsync(people[1]);
        await carol.InsistAsync(chat, "one");
        await alice.Chat.WatchAsync([people[1].Id, people[3].Id]);

        await bob.Chat.MarkDeliveredAsync(chat, 1);
        await bob.Chat.InvokeRawAsync<ResumeAnswer>(HubMethods.Resume, new ResumeRequest());
        await bob.Chat.GetHistoryAsync(chat);
        await bob.Chat.GetConversationsAsync();
        await using var socket = await RawSocket.ConnectAsync(people[1], town.Town.Gateways[0]);
        await socket.PingAsync();
        await socket.CallAsync("GetConversations", new { });
        await socket.AnswerAsync();
        // Dave's first input goes the same way later.
        await dave.Chat.ReportActivityAsync();
        await alice.SeesAsync(people[3], online: true);
        Assert.DoesNotContain(alice.Presences.Snapshot(), one => one.UserId == people[1].Id);
        Assert.Null((await alice.LooksAtAsync(people[1])).LastSeen);

        await bob.Chat.MarkReadAsync(chat, 1);
        var seen = await alice.SeesAsync(people[1], online: true);
        await MovesAsync("typing", () => bob.Chat.SetTypingAsync(chat, typing: true));
        await MovesAsync("a send", () => bob.InsistAsync(chat, "two"));
        await MovesAsync("a send over REST", () => people[1].RestAt(town.Town.Gateways[0]).SendAsync(
            chat, bob.Chat.NewClientMessageId(), Content.OfText("three")));

        async Task MovesAsync(string what, Func<Task> input)
        {
            await input();
            seen = await Eventually.YieldsAsync(
                $"a later time for {what}", () => alice.LooksAtAsync(people[1]), now => now.LastSeen > seen.LastSeen);
        }
    }

    [Fact]
    public async Task Who_sends_over_REST_alone_was_seen_then_and_is_not_online()
    {
        await using var town = await PresenceTown.OpenAsync(output);
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await town.OnAsync(people[0]);
        var chat = await alice.OpenAsync(people[1]);
        Assert.Null((await alice.LooksAtAsync(people[1])).LastSeen);

        var rest = people[1].RestAt(town.Town.Gateways[0]);
        await Assert.ThrowsAsync<ChatException>(() => rest.SendAsync(chat, "", Content.OfText("refused")));
        var sent = await rest.SendAsync(chat, alice.Chat.NewClientMessageId(), Content.OfText("one"));

        // A grain that has just begun gives everybody the grace in which a connection may come back.
        var seen = await Eventually.YieldsAsync(
            "Bob's time", () => alice.LooksAtAsync(people[1]), now => now is { LastSeen: not null, Online: false });
        Assert.True(seen.LastSeen >= sent.SentAt);
    }

    [Fact]
    public async Task With_two_devices_somebody_is_offline_only_when_both_are_gone()
    {
        await using var town = await PresenceTown.OpenAsync(output, OneShare);
        var people = await town.WelcomeAsync("alice", "bob", "carol");
        var alice = await town.OnAsync(people[0]);
        var phone = await town.OnAsync(people[1]);
        var laptop = await town.OnAsync(people[1]);
        var carol = await town.OnAsync(people[2]);
        await alice.Chat.WatchAsync([people[1].Id, people[2].Id]);
        await phone.Chat.ReportActivityAsync();
        await carol.Chat.ReportActivityAsync();
        await alice.SeesAsync(people[1], online: true);
        await alice.SeesAsync(people[2], online: true);

        await phone.DisposeAsync();
        await LeavesOpenAsync(town, 3);
        await carol.DisposeAsync();

        // Whoever left after him is offline, and he is not.
        await alice.SeesAsync(people[2], online: false);
        Assert.True((await alice.LooksAtAsync(people[1])).Online);
        await laptop.DisposeAsync();
        await alice.SeesAsync(people[1], online: false);
    }

    [Fact]
    public async Task A_connection_that_drops_and_comes_back_tells_nobody()
    {
        await using var town = await PresenceTown.OpenAsync(output, OneShare, ("Grace", "00:10:00"));
        var people = await town.WelcomeAsync("alice", "bob", "carol", "dave");
        var alice = await town.OnAsync(people[0]);
        var bob = await town.OnAsync(people[1]);
        var carol = await town.OnAsync(people[2]);
        var dave = await town.OnAsync(people[3]);
        await alice.Chat.WatchAsync([people[1].Id, people[2].Id, people[3].Id]);
        await bob.Chat.ReportActivityAsync();
        await alice.SeesAsync(people[1], online: true);

        await bob.DisposeAsync();
        await LeavesOpenAsync(town, 3);
        await carol.Chat.ReportActivityAsync();
        await alice.SeesAsync(people[2], online: true);
        // By now his leaving is known where hers is told.
        Assert.Single(alice.Presences.Snapshot(), one => one.UserId == people[1].Id);

        var again = await town.OnAsync(people[1]);
        await again.Chat.ReportActivityAsync();
        await dave.Chat.ReportActivityAsync();
        await alice.SeesAsync(people[3], online: true);
        Assert.True(Assert.Single(alice.Presences.Snapshot(), one => one.UserId == people[1].Id).Online);
    }

    [Fact]
    public async Task Nobody_is_told_who_does_not_watch_or_no_more()
    {
        await using var town = await PresenceTown.OpenAsync(output, OneShare);
        var people = await town.WelcomeAsync("alice", "bob", "carol");
        var alice = await town.OnAsync(people[0]);
        var bob = await town.OnAsync(people[1]);
        var carol = await town.OnAsync(people[2]);
        await alice.Chat.WatchAsync([people[1].Id, people[2].Id]);
        await alice.Chat.UnwatchAsync([people[1].Id]);

        await bob.Chat.ReportActivityAsync();
        await carol.Chat.ReportActivityAsync();

        await alice.SeesAsync(people[2], online: true);
        Assert.DoesNotContain(alice.Presences.Snapshot(), one => one.UserId == people[1].Id);
        Assert.Empty(bob.Presences.Snapshot());
    }

    [Fact]
    public async Task Without_a_stream_the_renewals_snapshot_tells()
    {
        await using var town = await PresenceTown.OpenAsync(
            output, ("PublishesActivity", "false"), ("RenewEvery", "00:00:00.4"));
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await town.OnAsync(people[0]);
        var bob = await town.OnAsync(people[1]);
        await alice.LooksAtAsync(people[1]);

        await bob.Chat.ReportActivityAsync();
        await alice.SeesAsync(people[1], online: true);
        await bob.DisposeAsync();
        await alice.SeesAsync(people[1], online: false);
    }

    /// <summary>The gateway knows that a connection has ended: these are left.</summary>
    private static Task LeavesOpenAsync(PresenceTown town, int connections) => Eventually.YieldsAsync(
        $"{connections} connections to be left",
        () => Metrics.ReadAsync(town.Town.Gateways[0], "chat_connections_open"),
        open => open == connections);
}
