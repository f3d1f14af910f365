using Microsoft.Playwright;
using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Chat.Tests.Page;

/// <summary>A group's members and roles on the page: who may change them can, nobody else is offered it.</summary>
public sealed class ManagingMembers(Website site, ITestOutputHelper output) : OnThePage(site, output)
{
    private const string NoMember = "you are no longer a member";

    [Fact]
    public async Task An_owner_makes_somebody_else_an_owner_by_the_keyboard_alone_and_may_leave()
    {
        var (alice, bob) = await InAGroupAsync();
        var keyboard = alice.Page.Keyboard;
        await alice.Page.GetByTestId("members").FocusAsync();
        await keyboard.PressAsync("Enter");
        await Expect(Row(alice, bob)).ToBeVisibleAsync();
        await keyboard.PressAsync("Tab");
        await Expect(Row(alice, bob).GetByTestId("member-more")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Expect(DeedsOn(alice, bob)).ToHaveTextAsync(["Make owner", "Make admin", "Remove"]);
        await alice.ShootAsync("member-deeds");
        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Enter");

        await Expect(RoleOf(alice, bob)).ToHaveTextAsync("owner", Patience);
        await Expect(Row(alice, bob).GetByTestId("member-more")).ToBeFocusedAsync();
        await Expect(bob.Bodies.Last).ToHaveTextAsync($"{alice.Username} made you an owner", Patience);
        await keyboard.PressAsync("Escape");
        await alice.Page.GetByTestId("leaving").ClickAsync();
        await alice.Page.GetByTestId("leave").ClickAsync();
        await Expect(alice.Status).ToHaveTextAsync(NoMember, Patience);
        await Expect(alice.Page.GetByTestId("members")).ToBeHiddenAsync();
        Assert.Empty(alice.Faults.Concat(bob.Faults));
    }

    [Fact]
    public async Task Only_what_ones_role_allows_is_offered()
    {
        var (alice, bob) = await InAGroupAsync();
        var carol = await Tab.SignUpAsync(Site, "carol");
        await alice.Page.GetByTestId("members").ClickAsync();
        await AddAsync(alice, carol.Username);
        await DoAsync(alice, bob, "admin");
        await Expect(RoleOf(alice, bob)).ToHaveTextAsync("admin", Patience);
        await carol.ChooseAsync("Hike");
        foreach (var tab in new[] { bob, carol }) await tab.Page.GetByTestId("members").ClickAsync();

        // The last owner stays one.
        await Expect(Row(alice, alice).GetByTestId("member-more")).ToBeHiddenAsync();
        await Row(alice, bob).GetByTestId("member-more").ClickAsync();
        await Expect(DeedsOn(alice, bob)).ToHaveTextAsync(["Make owner", "Make member", "Remove"]);

        await Expect(RoleOf(bob, alice)).ToHaveTextAsync("owner");
        await Expect(Offers(bob)).ToHaveCountAsync(1);
        await Row(bob, carol).GetByTestId("member-more").ClickAsync();
        await Expect(DeedsOn(bob, carol)).ToHaveTextAsync(["Remove"]);
        await Expect(bob.Page.GetByTestId("add-members")).ToBeVisibleAsync();

        await Expect(Row(carol, carol).GetByTestId("member-name")).ToHaveTextAsync($"{carol.Username} (you)");
        await Expect(Offers(carol)).ToHaveCountAsync(0);
        await Expect(carol.Page.GetByTestId("add-members")).ToBeHiddenAsync();

        await DoAsync(alice, carol, "admin");
        await Expect(Offers(carol)).ToHaveCountAsync(1, new() { Timeout = Patience.Timeout });
        await Expect(carol.Page.GetByTestId("add-members")).ToBeVisibleAsync();
        await carol.ShootAsync("members");
        Assert.Empty(alice.Faults.Concat(bob.Faults).Concat(carol.Faults));
    }

    [Fact]
    public async Task Members_are_added_by_name_and_removed_once_that_is_confirmed()
    {
        var (alice, bob) = await InAGroupAsync();
        var carol = await Tab.SignUpAsync(Site, "carol");
        var result = alice.Page.GetByTestId("members-result");
        await alice.Page.GetByTestId("members").ClickAsync();
        await AddAsync(alice, "nobody-of-that-name");
        await Expect(result).ToHaveTextAsync("Nobody has the username “nobody-of-that-name”.", Patience);
        await AddAsync(alice, carol.Username);
        await Expect(result).ToHaveTextAsync("Added.", Patience);
        await Expect(alice.Page.GetByTestId("new-members")).ToHaveValueAsync("");
        await carol.ChooseAsync("Hike");
        await Expect(carol.Bodies).ToHaveTextAsync([$"{alice.Username} added you"]);

        await DoAsync(alice, carol, "remove");
        await Expect(Row(alice, carol).GetByTestId("keep")).ToBeFocusedAsync();
        await alice.ShootAsync("remove-member");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(Row(alice, carol).GetByTestId("member-more")).ToBeFocusedAsync();
        Assert.Empty(alice.Line.Calls("RemoveMember"));
        await DoAsync(alice, carol, "remove");
        await Row(alice, carol).GetByTestId("sure").ClickAsync();

        await Expect(carol.Status).ToHaveTextAsync(NoMember, Patience);
        await Expect(Row(alice, carol)).ToHaveCountAsync(0);
        await Expect(alice.Page.GetByTestId("members")).ToBeFocusedAsync();
        await Expect(bob.Bodies.Last).ToHaveTextAsync($"{alice.Username} removed {carol.Username}", Patience);
        Assert.Empty(bob.Faults.Concat(carol.Faults));
    }

    [Fact]
    public async Task A_change_that_is_under_way_is_seen_to_hold_the_next_one_back()
    {
        var (alice, bob) = await InAGroupAsync();
        var (add, deed) = (alice.Page.GetByTestId("add-members-button"), Row(alice, bob).GetByTestId("admin"));
        var more = Row(alice, bob).GetByTestId("member-more");
        await alice.Page.GetByTestId("members").ClickAsync();
        await Expect(Row(alice, bob)).ToBeVisibleAsync();
        alice.Line.Deafen();
        await AddAsync(alice, bob.Username);
        await more.ClickAsync();
        await Expect(deed).ToBeDisabledAsync();
        await Expect(add).ToBeDisabledAsync();
        await deed.ClickAsync(new() { Force = true });

        await alice.Line.CutAsync();
        alice.Line.Mend();
        await Expect(deed).ToBeEnabledAsync();
        await Expect(add).ToBeEnabledAsync();
        await alice.IsConnectedAsync();
        Assert.Empty(alice.Line.Calls("SetRole"));
        await deed.ClickAsync();
        await Expect(RoleOf(alice, bob)).ToHaveTextAsync("admin", Patience);
    }

    [Fact]
    public async Task Who_does_not_know_yet_what_he_may_no_more_is_told_and_then_sees_it()
    {
        var (alice, bob) = await InAGroupAsync();
        var (result, last) = (alice.Page.GetByTestId("members-result"), bob.Page.GetByTestId("members-result"));
        foreach (var tab in new[] { alice, bob }) await tab.Page.GetByTestId("members").ClickAsync();
        await DoAsync(alice, bob, "owner");
        await Expect(Offers(bob)).ToHaveCountAsync(2, new() { Timeout = Patience.Timeout });

        // Alice gives her role back, and Bob's page does not hear of it.
        bob.Line.Lose("MessageAppended", "ConversationChanged");
        await DoAsync(alice, alice, "member");
        await Row(alice, alice).GetByTestId("sure").ClickAsync();
        await Expect(RoleOf(alice, bob)).ToHaveTextAsync("owner");
        await Expect(RoleOf(alice, alice)).ToHaveTextAsync("", Patience);
        await DoAsync(bob, bob, "member");
        await Row(bob, bob).GetByTestId("sure").ClickAsync();

        await Expect(last).ToHaveTextAsync(
            "You are the group’s only owner. Make somebody else an owner first, or be the last to leave.", Patience);
        await Expect(RoleOf(bob, alice)).ToHaveTextAsync("", Patience);
        await Expect(Row(bob, bob).GetByTestId("member-more")).ToBeHiddenAsync();

        bob.Line.Lose();
        await DoAsync(bob, alice, "owner");
        await Expect(Offers(alice)).ToHaveCountAsync(2, new() { Timeout = Patience.Timeout });
        alice.Line.Lose("MessageAppended", "ConversationChanged");
        await DoAsync(bob, alice, "member");
        await Expect(RoleOf(bob, alice)).ToHaveTextAsync("", Patience);
        await DoAsync(alice, bob, "admin");

        await Expect(result).ToHaveTextAsync("Your role in this group does not allow that any more.", Patience);
        await Expect(Offers(alice)).ToHaveCountAsync(0, new() { Timeout = Patience.Timeout });
        Assert.Empty(alice.Faults.Concat(bob.Faults));
    }

    /// <summary>Alice's group, open in both tabs.</summary>
    private async Task<(Tab Alice, Tab Bob)> InAGroupAsync()
    {
        var alice = await Tab.SignUpAsync(Site, "alice");
        var bob = await Tab.SignUpAsync(Site, "bob");
        await alice.CreateGroupAsync("Hike", bob.Username);
        await bob.ChooseAsync("Hike");
        return (alice, bob);
    }

    private static ILocator Row(Tab tab, Tab member) =>
        tab.Page.GetByTestId("member").Filter(new LocatorFilterOptions { HasText = member.Username });

    private static ILocator RoleOf(Tab tab, Tab member) => Row(tab, member).GetByTestId("member-role");

    private static ILocator DeedsOn(Tab tab, Tab member) => Row(tab, member).Locator(".deeds button");

    /// <summary>The members whom the tab's user may change.</summary>
    private static ILocator Offers(Tab tab) => tab.Page.GetByTestId("member-more").And(tab.Page.Locator(":visible"));

    private static async Task DoAsync(Tab tab, Tab member, string deed)
    {
        var button = Row(tab, member).GetByTestId(deed);
        if (!await button.IsVisibleAsync()) await Row(tab, member).GetByTestId("member-more").ClickAsync();
        await button.ClickAsync();
    }

    private static async Task AddAsync(Tab tab, string username)
    {
        await tab.Page.GetByTestId("new-members").FillAsync(username);
        await tab.Page.GetByTestId("add-members-button").ClickAsync();
    }
}
