using Chat.Client;
using Microsoft.Playwright;
using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Chat.Tests.Page;

/// <summary>The page shows a message as its author left it: edited, reacted to, deleted.</summary>
public sealed class ChangingMessages(Website site, ITestOutputHelper output) : OnThePage(site, output)
{
    private const string Tombstone = "This message was deleted";

    [Fact]
    public async Task A_message_edited_twice_and_deleted_leaves_one_tombstone()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        await alice.SayAsync("first");
        await alice.ShowsAsync("first", "read");
        await alice.ChangeAsync("first", seq => Content.OfEdit(seq, "second"));
        await Expect(alice.Bodies).ToHaveTextAsync(["before", "second"], Patience);
        await alice.ChangeAsync("second", seq => Content.OfEdit(seq, "third"));
        await Expect(alice.Bodies).ToHaveTextAsync(["before", "third"], Patience);
        await Expect(bob.Message("third").GetByTestId("edited")).ToHaveTextAsync("edited", Patience);

        await alice.ChangeAsync("third", Content.OfDelete);

        await ShowsOneTombstoneAsync(alice, bob);
        await Task.WhenAll(alice.Page.ReloadAsync(), bob.Page.ReloadAsync());
        await alice.Conversations.ClickAsync();
        await bob.Conversations.ClickAsync();
        await ShowsOneTombstoneAsync(alice, bob);
        Assert.Empty(alice.Faults.Concat(bob.Faults));
    }

    [Fact]
    public async Task Who_has_left_the_group_sees_one_tombstone_though_the_deletion_is_not_for_him()
    {
        var alice = await Tab.SignUpAsync(Site, "alice");
        var bob = await Tab.SignUpAsync(Site, "bob");
        await alice.CreateGroupAsync("Leaving", bob.Username);
        await alice.SayAsync("first");
        await alice.ShowsAsync("first", "delivered");
        await alice.ChangeAsync("first", seq => Content.OfEdit(seq, "second"));
        await bob.ChooseAsync("Leaving");
        await Expect(bob.Bodies.Nth(1)).ToHaveTextAsync("second", Patience);
        await bob.LeaveAsync();
        await Expect(alice.Bodies).ToHaveCountAsync(3);

        await alice.ChangeAsync("second", Content.OfDelete);

        await bob.Page.ReloadAsync();
        await bob.ChooseAsync("Leaving");
        await Expect(bob.Bodies.Nth(1)).ToHaveTextAsync(Tombstone, Patience);
        await Expect(bob.Bodies).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task A_reaction_shows_until_it_is_taken_back()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        var reactions = bob.Message("before").GetByTestId("reactions");

        await alice.ChangeAsync("before", seq => Content.OfReaction(seq, "👍"));
        await Expect(reactions).ToHaveTextAsync("👍", Patience);
        await alice.ChangeAsync("before", seq => Content.OfReaction(seq, null));

        await Expect(reactions).ToHaveTextAsync("", Patience);
        Assert.Empty(alice.Faults.Concat(bob.Faults));
    }

    [Fact]
    public async Task The_messages_are_a_list_within_the_log_that_is_read_out()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        var log = bob.Page.GetByRole(AriaRole.Log, new PageGetByRoleOptions { Name = alice.Username });

        await alice.SayAsync("again");

        var list = log.GetByRole(AriaRole.List);
        await Expect(list.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task In_a_chat_of_two_who_speaks_is_told_to_the_ears_alone()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);

        await bob.SayAsync("again");

        var senders = alice.Messages.GetByTestId("sender");
        await Expect(senders).ToHaveTextAsync(["You", bob.Username], Patience);
        await Expect(senders).ToHaveClassAsync(["sender visually-hidden", "sender visually-hidden"]);
    }

    private static async Task ShowsOneTombstoneAsync(params Tab[] tabs)
    {
        foreach (var tab in tabs)
        {
            await Expect(tab.Bodies).ToHaveTextAsync(["before", Tombstone], Patience);
            await Expect(tab.Message(Tombstone).GetByTestId("edited")).ToHaveTextAsync("");
        }
    }
}
