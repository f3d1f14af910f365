using Chat.Client;
using Chat.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Presence;

/// <summary>Online is a connection and input not long ago; last seen is the last input.</summary>
[Collection(ProcessTests.Collection)]
public sealed class SeeingOnline(ITestOutputHelper output)
{
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
        await using var town = await PresenceTown.OpenAsync(output);
        var people = await town.WelcomeAsync("alice", "bob", "carol");
        var alice = await town.OnAsync(people[0]);
        var bob = await town.OnAsync(people[1]);
        var carol = await town.OnAsync(people[2]);
        var chat = await carol.OpenAsync(people[1]);
        await carol.InsistAsync(chat, "one");
        await alice.LooksAtAsync(people[1]);

        await bob.Chat.MarkDeliveredAsync(chat, 1);
        await bob.Chat.InvokeRawAsync<ResumeAnswer>(HubMethods.Resume, new ResumeRequest());
        await bob.Chat.GetHistoryAsync(chat);
        await bob.Chat.GetConversationsAsync();
        // Carol's input goes the same way later: what is heard of her has overtaken nothing of Bob.
        await alice.LooksAtAsync(people[2]);
        await carol.Chat.ReportActivityAsync();
        await Eventually.YieldsAsync("Carol", () => alice.LooksAtAsync(people[2]), seen => seen.Online);
        Assert.DoesNotContain(alice.Presences.Snapshot(), one => one.UserId == people[1].Id);
        Assert.Null((await alice.LooksAtAsync(people[1])).LastSeen);

        await bob.Chat.MarkReadAsync(chat, 1);
        var read = await alice.SeesAsync(people[1], online: true);
        await LaterAsync(read, () => bob.Chat.SetTypingAsync(chat, typing: true));
        await LaterAsync(read, () => bob.InsistAsync(chat, "two"));

        async Task LaterAsync(SeenPresence than, Func<Task> input)
        {
            await input();
            await Eventually.YieldsAsync(
                "Bob's later time", () => alice.LooksAtAsync(people[1]), seen => seen.LastSeen > than.LastSeen);
        }
    }

    [Fact]
    public async Task With_two_devices_somebody_is_offline_only_when_both_are_gone()
    {
        await using var town = await PresenceTown.OpenAsync(output);
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
        await using var town = await PresenceTown.OpenAsync(output, ("Grace", "00:00:10"));
        var people = await town.WelcomeAsync("alice", "bob", "carol");
        var alice = await town.OnAsync(people[0]);
        var bob = await town.OnAsync(people[1]);
        var carol = await town.OnAsync(people[2]);
        await alice.Chat.WatchAsync([people[1].Id, people[2].Id]);
        await bob.Chat.ReportActivityAsync();
        await alice.SeesAsync(people[1], online: true);

        await bob.DisposeAsync();
        var again = await town.OnAsync(people[1]);
        await again.Chat.ReportActivityAsync();
        await carol.Chat.ReportActivityAsync();
        await alice.SeesAsync(people[2], online: true);

        Assert.Single(alice.Presences.Snapshot(), one => one.UserId == people[1].Id);
    }

    [Fact]
    public async Task Nobody_is_told_who_does_not_watch_or_no_more()
    {
        await using var town = await PresenceTown.OpenAsync(output);
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
    public async Task A_stalled_stream_degrades_to_the_renewals_snapshot()
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
}
