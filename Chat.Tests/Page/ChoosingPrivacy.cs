using Chat.Tests.Harness;
using Microsoft.Playwright;
using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Chat.Tests.Page;

/// <summary>On the page one chooses what others see, and whom one does not want to hear.</summary>
public sealed class ChoosingPrivacy(Website site, ITestOutputHelper output) : OnThePage(site, output)
{
    [Fact]
    public async Task Who_hides_when_he_was_here_is_hidden_at_once_and_still_after_a_reload()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        await Expect(bob.Status).ToHaveTextAsync("online", Patience);
        var lastSeen = alice.Page.GetByTestId("privacy-last-seen");

        await alice.Page.GetByTestId("privacy").ClickAsync();
        await Expect(lastSeen).ToHaveValueAsync("everyone");
        await lastSeen.SelectOptionAsync("nobody");
        await Expect(bob.Status).ToHaveTextAsync("", Patience);
        await alice.ShootAsync("privacy");

        await alice.Page.ReloadAsync();
        await alice.IsConnectedAsync();
        await alice.Page.GetByTestId("privacy").ClickAsync();
        await Expect(lastSeen).ToHaveValueAsync("nobody");
        await lastSeen.SelectOptionAsync("contacts");
        await Expect(bob.Status).ToHaveTextAsync("online", Patience);
        Assert.Empty(alice.Faults.Concat(bob.Faults));
    }

    [Fact]
    public async Task Without_read_receipts_a_message_stays_delivered()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        var readReceipts = bob.Page.GetByTestId("privacy-read-receipts");
        await bob.Page.GetByTestId("privacy").ClickAsync();
        await Expect(readReceipts).ToBeCheckedAsync();
        await readReceipts.UncheckAsync();
        await Expect(readReceipts).ToBeEnabledAsync();

        await alice.SayAsync("Seen?");
        await Expect(bob.Message("Seen?")).ToHaveCountAsync(1);
        // What Bob says after he has read it comes after whatever the page might have shown in error.
        await Eventually.HoldsAsync("Bob's page to have read it", () => bob.Line.Calls("MarkRead").Length == 2);
        await bob.SayAsync("Guess");

        await Expect(alice.Message("Guess")).ToHaveCountAsync(1);
        await alice.ShowsAsync("Seen?", "delivered");
    }

    [Fact]
    public async Task A_choice_opened_without_a_connection_is_there_with_the_next_one()
    {
        var alice = await Tab.SignUpAsync(Site, "alice");
        await alice.Line.CutAsync();
        await alice.IsAsync("reconnecting");
        await alice.Page.GetByTestId("privacy").ClickAsync();
        await Expect(alice.Page.GetByTestId("privacy-error")).ToHaveTextAsync("The server could not be reached.");

        alice.Line.Mend();

        await Expect(alice.Page.GetByTestId("privacy-error")).ToHaveTextAsync("", Patience);
        await Expect(alice.Page.GetByTestId("privacy-last-seen")).ToBeEnabledAsync();
    }

    [Fact]
    public async Task On_a_narrow_screen_the_choice_is_whole()
    {
        var alice = await Tab.SignUpAsync(Site, "alice");
        await alice.Page.SetViewportSizeAsync(360, 640);

        await alice.Page.GetByTestId("privacy").ClickAsync();

        var whole = new LocatorAssertionsToBeInViewportOptions { Ratio = 1 };
        await Expect(alice.Page.Locator("#privacy .panel")).ToBeInViewportAsync(whole);
        await Expect(alice.Page.GetByTestId("sign-out")).ToBeInViewportAsync(whole);
        await Expect(alice.Page.GetByTestId("privacy-last-seen")).ToBeEnabledAsync();
        await alice.ShootAsync("narrow");
    }

    [Fact]
    public async Task Whoever_is_blocked_can_send_again_only_when_he_is_not()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        await bob.Page.GetByTestId("blocking").ClickAsync();
        await bob.Page.GetByTestId("block").ClickAsync();
        await Expect(bob.Page.GetByTestId("blocking-result")).ToHaveTextAsync("Blocked.", Patience);
        await Expect(alice.Status).ToHaveTextAsync("", Patience);
        await alice.SayAsync("hear me");
        await alice.ShowsAsync("hear me", "failed");
        await Expect(alice.Message("hear me").GetByTestId("ticks"))
            .ToHaveAttributeAsync("title", "This chat is blocked.");
        await bob.ShootAsync("blocking");

        await bob.Page.GetByTestId("unblock").ClickAsync();
        await Expect(bob.Page.GetByTestId("blocking-result")).ToHaveTextAsync("Not blocked.", Patience);
        await alice.SayAsync("and now");

        await alice.ShowsAsync("and now", "read");
        await Expect(bob.Bodies).ToHaveTextAsync(["before", "and now"]);
    }

    [Fact]
    public async Task What_was_refused_says_why_and_is_sent_again_or_discarded_as_one_likes()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        await bob.Page.GetByTestId("blocking").ClickAsync();
        await bob.Page.GetByTestId("block").ClickAsync();
        await Expect(bob.Page.GetByTestId("blocking-result")).ToHaveTextAsync("Blocked.", Patience);
        await alice.SayAsync("let it be");
        await alice.SayAsync("listen");
        await alice.ShowsAsync("listen", "failed");
        await Expect(alice.Message("listen").GetByTestId("reason")).ToHaveTextAsync("This chat is blocked.");
        await alice.ShootAsync("failed");

        await alice.Message("let it be").GetByTestId("discard").ClickAsync();
        await Expect(alice.Bodies).ToHaveTextAsync(["before", "listen"]);
        await alice.Message("listen").GetByTestId("send-again").ClickAsync();
        await Eventually.HoldsAsync("a fourth call", () => alice.Line.Calls("Send").Length == 4);
        await alice.ShowsAsync("listen", "failed");
        await bob.Page.GetByTestId("unblock").ClickAsync();
        await Expect(bob.Page.GetByTestId("blocking-result")).ToHaveTextAsync("Not blocked.", Patience);
        await alice.Message("listen").GetByTestId("send-again").ClickAsync();

        await alice.ShowsAsync("listen", "read");
        await Expect(alice.Message("listen").GetByTestId("reason")).ToHaveCountAsync(0);
        await Expect(bob.Bodies).ToHaveTextAsync(["before", "listen"]);
        await alice.Page.ReloadAsync();
        await alice.Conversations.ClickAsync();
        await Expect(alice.Bodies).ToHaveTextAsync(["before", "listen"]);
        Assert.Empty(alice.Faults.Concat(bob.Faults));
    }
}
