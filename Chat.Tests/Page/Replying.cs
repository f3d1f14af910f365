using Chat.Client;
using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Chat.Tests.Page;

/// <summary>A message may answer another one, and shows which.</summary>
public sealed class Replying(Website site, ITestOutputHelper output) : OnThePage(site, output)
{
    [Fact]
    public async Task A_reply_shows_what_it_answers_to_both_and_after_a_reload()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        await bob.ActAsync("before", "reply");
        await Expect(bob.Page.GetByTestId("subject-name")).ToHaveTextAsync($"Reply to {alice.Username}");
        await Expect(bob.Page.GetByTestId("subject-text")).ToHaveTextAsync("before");
        await Expect(bob.Text).ToBeFocusedAsync();

        await bob.TypeAsync("and after");
        await bob.Text.PressAsync("Enter");

        await Expect(bob.Page.GetByTestId("subject")).ToBeHiddenAsync();
        await Expect(alice.Bodies).ToHaveTextAsync(["before", "and after"], Patience);
        await QuotesAsync(alice, "You", "before");
        await QuotesAsync(bob, alice.Username, "before");
        await bob.Page.ReloadAsync();
        await bob.Conversations.ClickAsync();
        await QuotesAsync(bob, alice.Username, "before");
        Assert.Empty(alice.Faults.Concat(bob.Faults));
    }

    [Fact]
    public async Task A_reply_that_is_called_off_is_a_message_like_any_other()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        await bob.ActAsync("before", "reply");
        await bob.TypeAsync("never mind");

        await bob.Page.GetByTestId("cancel").ClickAsync();

        await Expect(bob.Page.GetByTestId("subject")).ToBeHiddenAsync();
        await Expect(bob.Text).ToBeFocusedAsync();
        await bob.Text.PressAsync("Enter");
        await Expect(alice.Bodies).ToHaveTextAsync(["before", "never mind"], Patience);
        await Expect(alice.Page.GetByTestId("quote").And(alice.Page.Locator(":visible"))).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_reply_begun_waits_in_its_chat()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        var carol = await Tab.SignUpAsync(Site, "carol");
        await bob.ActAsync("before", "reply");

        await bob.OpenChatAsync(carol.Username);
        await Expect(bob.Title).ToHaveTextAsync(carol.Username);
        await Expect(bob.Page.GetByTestId("subject")).ToBeHiddenAsync();
        await bob.SayAsync("Hi Carol");
        await bob.ChooseAsync(alice.Username);
        await Expect(bob.Page.GetByTestId("subject-text")).ToHaveTextAsync("before");
        await bob.SayAsync("and after");

        await QuotesAsync(alice, "You", "before");
    }

    [Fact]
    public async Task A_quote_changes_with_its_message_and_leads_to_it()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        for (var n = 1; n <= 25; n++) await bob.SayAsync($"number {n}.");
        await bob.ActAsync("before", "reply");
        await bob.SayAsync("and after");
        await QuotesAsync(alice, "You", "before");
        await alice.ChangeAsync("and after", _ => Content.OfEdit(1, "long ago"));
        await QuotesAsync(alice, "You", "long ago");
        await Expect(alice.Bodies.First).Not.ToBeInViewportAsync();

        await alice.Message("and after").GetByTestId("quote").ClickAsync();
        await Expect(alice.Bodies.First).ToBeInViewportAsync();
        await alice.ChangeAsync("and after", _ => Content.OfDelete(1));

        await QuotesAsync(alice, "You", "This message was deleted");
        Assert.Empty(alice.Faults.Concat(bob.Faults));
    }

    private static async Task QuotesAsync(Tab tab, string sender, string text)
    {
        var quote = tab.Messages.GetByTestId("quote").And(tab.Page.Locator(":visible"));
        await Expect(quote.GetByTestId("quoted-sender")).ToHaveTextAsync(sender, Patience);
        await Expect(quote.GetByTestId("quoted-text")).ToHaveTextAsync(text, Patience);
    }
}
