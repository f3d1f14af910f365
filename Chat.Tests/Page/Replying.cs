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

    [Fact]
    public async Task A_quote_leads_back_to_what_is_not_loaded_as_soon_as_there_is_a_connection()
    {
        var (alice, bob) = await FarFromTheFirstMessageAsync();
        var quote = alice.Message("and after").GetByTestId("quote");
        await Expect(quote.GetByTestId("quoted-text")).ToHaveTextAsync("An earlier message");
        await alice.Page.EvaluateAsync("addEventListener('animationstart', (event) => window.pointed = event.target)");
        await alice.Line.CutAsync();
        await alice.IsAsync("reconnecting");
        await quote.ClickAsync();
        await Expect(alice.Page.GetByTestId("chat-notice")).ToHaveTextAsync("The server could not be reached.");
        alice.Line.Mend();
        await alice.IsConnectedAsync();

        await quote.ClickAsync();

        await Expect(alice.Messages.First).ToBeFocusedAsync(new() { Timeout = Patience.Timeout });
        await Expect(alice.Messages.First).ToBeInViewportAsync();
        await alice.Page.WaitForFunctionAsync("window.pointed?.dataset.seq === '1'");
        await Expect(alice.Page.GetByTestId("chat-notice")).ToHaveTextAsync("");
        await QuotesAsync(alice, "You", "before");
        // What comes now does not call the reader away.
        await bob.SayAsync("one more");
        await Expect(alice.Bodies.Last).ToHaveTextAsync("one more", Patience);
        await Expect(alice.Messages.First).ToBeInViewportAsync();
        Assert.Empty(bob.Faults);
    }

    [Fact]
    public async Task Earlier_messages_come_above_what_is_in_view()
    {
        var (alice, _) = await FarFromTheFirstMessageAsync();
        var earlier = alice.Page.GetByTestId("earlier");
        // The four that come have no room above what is in view.
        await alice.Page.SetViewportSizeAsync(1280, 360);
        await earlier.FocusAsync();
        await Expect(alice.Message("number 5.")).ToBeInViewportAsync();

        await alice.Page.Keyboard.PressAsync("Enter");

        await Expect(alice.Bodies.First).ToHaveTextAsync("before", Patience);
        await Expect(alice.Message("number 5.")).ToBeInViewportAsync();
        await Expect(earlier).ToBeHiddenAsync();
        await Expect(alice.Page.Locator("#log")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_quote_of_what_is_not_to_be_had_says_so_and_leads_nowhere()
    {
        var alice = await Tab.OpenAsync(Site, "alice");

        var said = await alice.Page.EvaluateAsync<string[]>(HoldingALog.Told + """
              const conversation = new Conversation(snapshot(49, { joinedSeq: 10, deliveredSeq: 49 }), "me");
              [5, 20, 30].forEach((replyTo, place) =>
                conversation.add({ ...said(50 + place), content: { kind: "text", text: "", replyTo } }));
              await show(conversation, async (_, seq) => {
                if (seq === 30) {
                  return false;
                }
                conversation.addGone({ fromSeq: seq, toSeq: 49 });
                return true;
              });
              const notice = document.getElementById("chat-notice");
              const follow = async (place) => {
                const quote = document.querySelectorAll(".quote")[place];
                if (quote.disabled) {
                  return quote.innerText;
                }
                const told = new Promise((resolve) => new MutationObserver(() =>
                  notice.textContent.startsWith("That") && resolve()).observe(notice, { childList: true }));
                quote.click();
                await told;
                return notice.textContent;
              };
              return [await follow(0), await follow(2), await follow(1), await follow(1)];
            }
            """);

        Assert.Equal(
            [
                "A message from before you came",
                "That message is far back. Choose it again to go on looking.",
                "That message is not there any more.",
                "A message that is not there any more",
            ],
            said);
    }

    /// <summary>
    /// Alice's tab, loaded anew, holds <c>and after</c>, which answers her <c>before</c>, and 49 messages in between.
    /// </summary>
    private async Task<(Tab Alice, Tab Bob)> FarFromTheFirstMessageAsync()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        for (var n = 2; n <= 53; n++) await bob.AsOtherDeviceAsync(Content.OfText($"number {n}."));
        await bob.AsOtherDeviceAsync(Content.OfText("and after", replyTo: 1));
        await Expect(alice.Bodies.Last).ToHaveTextAsync("and after", Patience);
        await bob.ShowsAsync("and after", "read");
        await alice.Page.ReloadAsync();
        await alice.Conversations.ClickAsync();
        await Expect(alice.Bodies).ToHaveCountAsync(50);
        return (alice, bob);
    }

    private static async Task QuotesAsync(Tab tab, string sender, string text)
    {
        var quote = tab.Messages.GetByTestId("quote").And(tab.Page.Locator(":visible"));
        await Expect(quote.GetByTestId("quoted-sender")).ToHaveTextAsync(sender, Patience);
        await Expect(quote.GetByTestId("quoted-text")).ToHaveTextAsync(text, Patience);
    }
}
