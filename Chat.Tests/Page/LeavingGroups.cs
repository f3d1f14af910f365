using Microsoft.Playwright;
using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Chat.Tests.Page;

/// <summary>A group is left on the page; its last owner is told why he can't.</summary>
public sealed class LeavingGroups(Website site, ITestOutputHelper output) : OnThePage(site, output)
{
    private const string NoMember = "you are no longer a member";
    private const string Lost = "The connection was lost. Once it is back, this page shows whether you left.";

    [Fact]
    public async Task Who_leaves_reads_what_was_said_and_hears_nothing_more()
    {
        var (alice, bob) = await InAGroupAsync();

        await bob.Page.GetByTestId("leaving").ClickAsync();
        await bob.ShootAsync("leaving");
        await bob.Page.GetByTestId("leave").ClickAsync();

        await Expect(bob.Status).ToHaveTextAsync(NoMember, Patience);
        await Expect(bob.Page.GetByTestId("leaving")).ToBeHiddenAsync();
        await Expect(bob.Page.GetByTestId("compose")).ToBeHiddenAsync();
        await Expect(bob.Page.Locator("#log")).ToBeFocusedAsync();
        await Expect(bob.Message("Who comes?").GetByTestId("more")).ToBeHiddenAsync();
        await Expect(bob.Bodies.Last).ToHaveTextAsync("You left");
        await Expect(alice.Bodies.Last).ToHaveTextAsync($"{bob.Username} left", Patience);
        await alice.SayAsync("Pity");
        await alice.ShowsAsync("Pity", "sent");
        await bob.Page.ReloadAsync();
        await bob.ChooseAsync("Hike");
        await Expect(bob.Bodies.Last).ToHaveTextAsync("You left", Patience);
        Assert.Empty(alice.Faults.Concat(bob.Faults));
    }

    [Fact]
    public async Task The_last_owner_is_told_why_he_stays()
    {
        var (alice, bob) = await InAGroupAsync();

        await alice.Page.SetViewportSizeAsync(360, 640);
        await alice.Page.GetByTestId("leaving").ClickAsync();
        await alice.Page.GetByTestId("leave").ClickAsync();

        await Expect(alice.Page.GetByTestId("leaving-result")).ToHaveTextAsync(
            "You are the group’s only owner. Make somebody else an owner first, or be the last to leave.", Patience);
        var whole = new LocatorAssertionsToBeInViewportOptions { Ratio = 1 };
        await Expect(alice.Page.Locator("#leaving .panel")).ToBeInViewportAsync(whole);
        await alice.ShootAsync("last-owner");
        await alice.SayAsync("still here");
        await Expect(bob.Bodies.Last).ToHaveTextAsync("still here", Patience);
        Assert.Empty(alice.Faults.Concat(bob.Faults));
    }

    [Fact]
    public async Task Without_a_connection_the_page_says_so_and_one_leaves_with_the_next_one()
    {
        var (alice, bob) = await InAGroupAsync();
        await bob.Line.CutAsync();
        await bob.IsAsync("reconnecting");
        await bob.Page.GetByTestId("leaving").ClickAsync();
        await bob.Page.GetByTestId("leave").ClickAsync();
        await Expect(bob.Page.GetByTestId("leaving-result")).ToHaveTextAsync(Lost, Patience);
        await Expect(bob.Page.GetByTestId("compose")).ToBeVisibleAsync();
        bob.Line.Mend();
        await bob.IsConnectedAsync();

        await bob.Page.GetByTestId("leave").ClickAsync();

        await Expect(alice.Bodies.Last).ToHaveTextAsync($"{bob.Username} left", Patience);
        await Expect(bob.Status).ToHaveTextAsync(NoMember, Patience);
    }

    [Fact]
    public async Task Who_left_and_was_not_answered_sees_it_with_the_next_connection()
    {
        var (alice, bob) = await InAGroupAsync();
        bob.Line.Deafen();
        await bob.Page.GetByTestId("leaving").ClickAsync();
        await bob.Page.GetByTestId("leave").ClickAsync();
        await Expect(alice.Bodies.Last).ToHaveTextAsync($"{bob.Username} left", Patience);
        await bob.Line.CutAsync();
        await Expect(bob.Page.GetByTestId("leaving-result")).ToHaveTextAsync(Lost, Patience);

        bob.Line.Mend();

        await Expect(bob.Status).ToHaveTextAsync(NoMember, Patience);
        await Expect(bob.Page.GetByTestId("leaving")).ToBeHiddenAsync();
        Assert.Single(bob.Line.Calls("Leave"));
    }

    /// <summary>Alice's group, open in both tabs; she asked who comes.</summary>
    private async Task<(Tab Alice, Tab Bob)> InAGroupAsync()
    {
        var alice = await Tab.SignUpAsync(Site, "alice");
        var bob = await Tab.SignUpAsync(Site, "bob");
        await alice.CreateGroupAsync("Hike", bob.Username);
        await alice.SayAsync("Who comes?");
        await bob.ChooseAsync("Hike");
        await alice.ShowsAsync("Who comes?", "read");
        return (alice, bob);
    }
}
