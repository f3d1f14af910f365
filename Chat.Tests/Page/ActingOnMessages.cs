using Microsoft.Playwright;
using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Chat.Tests.Page;

/// <summary>At each message there is a menu: edit and delete what is one's own, react to anything.</summary>
public sealed class ActingOnMessages(Website site, ITestOutputHelper output) : OnThePage(site, output)
{
    private const string Tombstone = "This message was deleted";

    [Fact]
    public async Task An_own_message_is_edited_by_the_keyboard_alone()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        var keyboard = alice.Page.Keyboard;
        await alice.TypeAsync("begun");
        await alice.Message("before").GetByTestId("more").FocusAsync();
        await keyboard.PressAsync("Enter");
        await Expect(alice.Page.GetByTestId("actions")).ToBeVisibleAsync();
        for (var button = 1; button <= 8; button++) await keyboard.PressAsync("Tab");
        await Expect(alice.Page.GetByTestId("edit")).ToBeFocusedAsync();

        await keyboard.PressAsync("Enter");
        await Expect(alice.Text).ToBeFocusedAsync();
        await Expect(alice.Text).ToHaveValueAsync("before");
        await keyboard.PressAsync("Control+A");
        await alice.TypeAsync("after all");
        await keyboard.PressAsync("Enter");

        await Expect(bob.Bodies).ToHaveTextAsync(["after all"], Patience);
        await Expect(bob.Message("after all").GetByTestId("edited")).ToHaveTextAsync("edited");
        await Expect(alice.Bodies).ToHaveTextAsync(["after all"], Patience);
        await Expect(alice.Message("after all").GetByTestId("pending")).ToHaveTextAsync("");
        await Expect(alice.Text).ToHaveValueAsync("begun");
        Assert.Empty(alice.Faults.Concat(bob.Faults));
    }

    [Fact]
    public async Task Escape_leaves_the_message_as_it_was_and_gives_back_what_was_begun()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        await alice.TypeAsync("begun");
        await alice.ActAsync("before", "edit");
        await Expect(alice.Page.GetByTestId("subject-name")).ToHaveTextAsync("Edit message");
        await alice.TypeAsync(" and more");

        await alice.Page.Keyboard.PressAsync("Escape");

        await Expect(alice.Page.GetByTestId("subject")).ToBeHiddenAsync();
        await Expect(alice.Text).ToHaveValueAsync("begun");
        await alice.Text.PressAsync("Enter");
        await Expect(bob.Bodies).ToHaveTextAsync(["before", "begun"], Patience);
        await Expect(alice.Bodies).ToHaveTextAsync(["before", "begun"]);
    }

    [Fact]
    public async Task A_message_is_deleted_for_everyone_once_that_is_confirmed()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        await alice.SayAsync("slip");
        await alice.ShowsAsync("slip", "read");
        await alice.ActAsync("slip", "ask");
        await Expect(alice.Page.GetByTestId("close")).ToBeFocusedAsync();
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Page.GetByTestId("actions")).ToHaveCountAsync(0);
        await alice.SayAsync("kept");
        await Expect(bob.Bodies).ToHaveTextAsync(["before", "slip", "kept"], Patience);

        await alice.ActAsync("slip", "ask");
        await alice.Message("slip").GetByTestId("delete").ClickAsync();

        await Expect(bob.Bodies).ToHaveTextAsync(["before", Tombstone, "kept"], Patience);
        await Expect(alice.Bodies).ToHaveTextAsync(["before", Tombstone, "kept"], Patience);
        await Expect(alice.Message(Tombstone).GetByTestId("more")).ToBeHiddenAsync();
        await Expect(alice.Text).ToBeFocusedAsync();
        Assert.Empty(alice.Faults.Concat(bob.Faults));
    }

    [Fact]
    public async Task A_reaction_is_given_changed_and_taken_back_by_choosing_it_again()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        var seenByAlice = alice.Message("before").GetByTestId("reactions");
        var more = bob.Message("before").GetByTestId("more");
        await bob.ReactAsync("before", "Thumbs up");
        await Expect(seenByAlice).ToHaveTextAsync("👍", Patience);
        await Expect(more).ToBeFocusedAsync();
        await alice.ReactAsync("before", "Thumbs up");
        await Expect(seenByAlice).ToHaveTextAsync("👍 2", Patience);
        await bob.ReactAsync("before", "Heart");
        await Expect(seenByAlice).ToHaveTextAsync("❤️ 👍", Patience);

        await more.ClickAsync();
        var heart = bob.Message("before").GetByLabel("Heart");
        await Expect(heart).ToHaveAttributeAsync("aria-pressed", "true");
        await heart.ClickAsync();

        await Expect(seenByAlice).ToHaveTextAsync("👍", Patience);
        await Expect(bob.Message("before").GetByTestId("reactions")).ToHaveTextAsync("👍");
        Assert.Empty(alice.Faults.Concat(bob.Faults));
    }

    [Fact]
    public async Task What_others_said_is_not_changed_but_may_be_deleted_by_the_groups_owner()
    {
        var alice = await Tab.SignUpAsync(Site, "alice");
        var bob = await Tab.SignUpAsync(Site, "bob");
        await alice.CreateGroupAsync("Hike", bob.Username);
        await alice.SayAsync("of the owner");
        await bob.ChooseAsync("Hike");
        await bob.SayAsync("of a member");
        await alice.ShowsAsync("of the owner", "read");
        await Expect(alice.Message("created").GetByTestId("more")).ToBeHiddenAsync();

        await bob.Message("of the owner").GetByTestId("more").ClickAsync();
        await Expect(DeedsOf(bob)).ToHaveTextAsync(["Reply"]);
        await alice.Message("of a member").GetByTestId("more").ClickAsync();
        await Expect(DeedsOf(alice)).ToHaveTextAsync(["Reply", "Delete…"]);
        await alice.Page.GetByTestId("ask").ClickAsync();
        await alice.Page.GetByTestId("delete").ClickAsync();

        await Expect(bob.Bodies.Last).ToHaveTextAsync(Tombstone, Patience);
        await Expect(alice.Bodies.Last).ToHaveTextAsync(Tombstone, Patience);
    }

    private static ILocator DeedsOf(Tab tab) => tab.Page.Locator(".deeds button");
}
