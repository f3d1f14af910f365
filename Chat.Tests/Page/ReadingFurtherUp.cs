using Microsoft.Playwright;
using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Chat.Tests.Page;

/// <summary>Who reads further up is told of what comes below, and has read it once he sees it.</summary>
public sealed class ReadingFurtherUp(Website site, ITestOutputHelper output) : OnThePage(site, output)
{
    private static readonly LocatorAssertionsToBeInViewportOptions Whole = new() { Ratio = 1 };

    [Fact]
    public async Task A_message_below_is_unread_until_one_goes_there()
    {
        var (alice, bob) = await FurtherUpAsync();
        var newer = alice.Page.GetByTestId("newer");
        var marks = alice.Line.Calls("MarkRead").Length;

        await bob.SayAsync("below");
        await Expect(newer).ToHaveTextAsync("1 new message ↓", Patience);
        await Expect(alice.Unread).ToHaveTextAsync("1");
        await bob.ShowsAsync("below", "delivered");
        await alice.ShootAsync("newer");
        Assert.Equal(marks, alice.Line.Calls("MarkRead").Length);
        await newer.ClickAsync();

        await bob.ShowsAsync("below", "read");
        await Expect(alice.Message("below")).ToBeInViewportAsync(Whole);
        await Expect(newer).ToBeHiddenAsync();
        await Expect(alice.Text).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_hand_that_scrolls_down_has_read_it()
    {
        var (alice, bob) = await FurtherUpAsync();
        await bob.SayAsync("below");
        await Expect(alice.Page.GetByTestId("newer")).ToBeVisibleAsync();

        await alice.Message("below").ScrollIntoViewIfNeededAsync();

        await bob.ShowsAsync("below", "read");
        await Expect(alice.Page.GetByTestId("newer")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task What_one_says_oneself_leads_there()
    {
        var (alice, _) = await FurtherUpAsync();

        await alice.SayAsync("of mine");

        await Expect(alice.Message("of mine")).ToBeInViewportAsync(Whole);
    }

    private async Task<(Tab Alice, Tab Bob)> FurtherUpAsync()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        for (var n = 1; n <= 25; n++) await alice.SayAsync($"number {n}.");
        await alice.ShowsAsync("number 25.", "read");
        await alice.Message("before").ScrollIntoViewIfNeededAsync();
        await Expect(alice.Message("number 25.")).Not.ToBeInViewportAsync();
        return (alice, bob);
    }
}
