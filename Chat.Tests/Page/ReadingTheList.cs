using Chat.Client;
using Microsoft.Playwright;
using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Chat.Tests.Page;

/// <summary>The list of conversations says what happened last in each.</summary>
public sealed class ReadingTheList(Website site, ITestOutputHelper output) : OnThePage(site, output)
{
    [Fact]
    public async Task Where_nothing_but_the_last_entry_is_known_a_change_is_told_as_one_and_by_whom()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        await bob.ReactAsync("before", "Thumbs up");
        await Expect(alice.Messages.GetByTestId("reactions")).ToHaveTextAsync("👍", Patience);
        await Expect(LastWords(alice)).ToHaveTextAsync("before");

        await ShowAfterReloadAsync(bob, "You reacted 👍 to a message");
        await ShowAfterReloadAsync(alice, $"{bob.Username} reacted 👍 to a message");
        await alice.Conversations.ClickAsync();
        await Expect(LastWords(alice)).ToHaveTextAsync("before");

        await alice.ChangeAsync("before", seq => Content.OfEdit(seq, "after"));
        await Expect(alice.Bodies).ToHaveTextAsync(["after"], Patience);
        await ShowAfterReloadAsync(bob, $"{alice.Username} edited a message: after");
        await alice.ChangeAsync("after", Content.OfDelete);
        await Expect(LastWords(alice)).ToHaveTextAsync("This message was deleted", Patience);
        await ShowAfterReloadAsync(bob, $"{alice.Username} deleted a message");
    }

    private static async Task ShowAfterReloadAsync(Tab tab, string words)
    {
        await tab.Page.ReloadAsync();
        await Expect(LastWords(tab)).ToHaveTextAsync(words, Patience);
    }

    private static ILocator LastWords(Tab tab) => tab.Page.GetByTestId("last");
}
