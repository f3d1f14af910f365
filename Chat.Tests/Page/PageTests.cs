using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Chat.Tests.Page;

/// <summary>Two people talk through the web page in a real browser.</summary>
public sealed class PageTests(Website site, ITestOutputHelper output) : OnThePage(site, output)
{
    [Fact]
    public async Task Two_people_talk_and_watch_the_three_ticks()
    {
        var alice = await Tab.SignUpAsync(Site, "alice");
        var bob = await Tab.OpenAsync(Site, "bob");

        // Bob has an account and is away.
        await bob.EnterAsync("sign-up");
        await bob.IsConnectedAsync();
        await bob.Page.GetByTestId("sign-out").ClickAsync();
        await Expect(bob.Page.GetByTestId("sign-in")).ToBeVisibleAsync();

        await alice.OpenChatAsync(bob.Username);
        await alice.SayAsync("Hello <b>Bob</b>");
        await alice.ShowsAsync("Hello", "sent");

        // Connected, but the chat is not open.
        await bob.EnterAsync("log-in");
        await Expect(bob.Unread).ToHaveTextAsync("1");
        await alice.ShowsAsync("Hello", "delivered");

        await bob.Conversations.ClickAsync();
        await alice.ShowsAsync("Hello", "read");
        await Expect(bob.Message("Hello").GetByTestId("body")).ToHaveTextAsync("Hello <b>Bob</b>");
        await Expect(bob.Unread).ToBeHiddenAsync();

        await bob.SayAsync("Hi Alice");
        await bob.ShowsAsync("Hi Alice", "read");
        await Expect(alice.Messages).ToHaveCountAsync(2);
        Assert.Empty(alice.Faults.Concat(bob.Faults));
    }

    [Fact]
    public async Task A_reloaded_page_shows_the_conversation_again()
    {
        var alice = await Tab.SignUpAsync(Site, "alice");
        var bob = await Tab.SignUpAsync(Site, "bob");
        await alice.OpenChatAsync(bob.Username);
        for (var number = 1; number <= 25; number++) await alice.SayAsync($"number {number}.");
        await alice.ShowsAsync("number 25.", "delivered");

        await bob.Page.ReloadAsync();
        await Expect(bob.Unread).ToHaveTextAsync("25");
        await bob.Conversations.ClickAsync();
        await alice.ShowsAsync("number 1.", "read");
        await alice.Page.ReloadAsync();
        await alice.Conversations.ClickAsync();
        var expected = Enumerable.Range(1, 25).Select(number => $"number {number}.");
        await Expect(alice.Bodies).ToHaveTextAsync(expected);
        await Expect(bob.Bodies).ToHaveTextAsync(expected);
        await alice.ShowsAsync("number 25.", "read");
    }

    [Fact]
    public async Task What_was_typed_without_a_connection_is_sent_with_the_next_one()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);

        await alice.Line.CutAsync();
        await alice.IsAsync("reconnecting");
        await bob.SayAsync("are you there?");
        await alice.SayAsync("meanwhile");
        await alice.SayAsync("and this");
        await alice.ShowsAsync("and this", "sending");
        alice.Line.Mend();

        await alice.ShowsAsync("and this", "read");
        string[] expected = ["before", "are you there?", "meanwhile", "and this"];
        await Expect(bob.Bodies).ToHaveTextAsync(expected);
        await Expect(alice.Bodies).ToHaveTextAsync(expected);
    }

    [Fact]
    public async Task A_text_whose_answer_was_lost_arrives_once()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);

        alice.Line.Deafen();
        await alice.SayAsync("once");
        await Expect(bob.Message("once")).ToHaveCountAsync(1);
        await alice.ShowsAsync("once", "sending");
        await alice.Line.CutAsync();
        await alice.SayAsync("after it");
        alice.Line.Mend();

        await alice.ShowsAsync("after it", "read");
        await alice.ShowsAsync("once", "read");
        await Expect(alice.Bodies).ToHaveTextAsync(["before", "once", "after it"]);
        await Expect(bob.Bodies).ToHaveTextAsync(["before", "once", "after it"]);
    }

    [Fact]
    public async Task A_text_begun_in_one_chat_waits_there_and_goes_to_nobody_else()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        var carol = await Tab.SignUpAsync(Site, "carol");
        var text = alice.Page.GetByTestId("text");
        await alice.TypeAsync("only for Bob");

        await alice.OpenChatAsync(carol.Username);
        await Expect(alice.Title).ToHaveTextAsync(carol.Username);
        await Expect(text).ToHaveValueAsync("");
        await alice.TypeAsync("Hi Carol");
        await text.PressAsync("Enter");
        await alice.ChooseAsync(bob.Username);
        await Expect(text).ToHaveValueAsync("only for Bob");
        await text.PressAsync("Enter");

        await Expect(bob.Bodies).ToHaveTextAsync(["before", "only for Bob"]);
        await carol.Conversations.ClickAsync();
        await Expect(carol.Bodies).ToHaveTextAsync(["Hi Carol"]);
    }

    [Fact]
    public async Task A_text_too_long_for_the_connection_fails_and_holds_nothing_up()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);

        await alice.SayAsync("long " + new string('x', 600_000));
        await alice.ShowsAsync("long", "failed");
        await alice.SayAsync("after it");
        await alice.ShowsAsync("after it", "read");
        await alice.Page.ReloadAsync();
        await alice.Conversations.ClickAsync();
        await alice.ShowsAsync("long", "failed");
        await alice.IsConnectedAsync();

        Assert.Equal(2, alice.Line.Calls("Send").Length);
        await Expect(bob.Bodies).ToHaveTextAsync(["before", "after it"]);
    }

    [Fact]
    public async Task Refusals_are_said_in_words()
    {
        var eve = await Tab.OpenAsync(Site, "eve");
        await eve.EnterAsync("log-in");
        await Expect(eve.Page.GetByTestId("sign-in-error")).ToHaveTextAsync("Wrong username or password.");

        await eve.EnterAsync("sign-up", "short");
        await Expect(eve.Page.GetByTestId("sign-in-error"))
            .ToHaveTextAsync("Password must have 8 to 128 characters.");

        await eve.EnterAsync("sign-up");
        await eve.IsConnectedAsync();
        await eve.OpenChatAsync("nobody-of-that-name");
        await Expect(eve.Page.GetByTestId("open-chat-error")).ToHaveTextAsync("Nobody has that username.");
    }
}
