using System.Text.RegularExpressions;
using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Chat.Tests.Page;

/// <summary>The page says where one is: nothing there yet, a menu in the way, a message of another day.</summary>
public sealed partial class FindingOnesWay(Website site, ITestOutputHelper output) : OnThePage(site, output)
{
    [Fact]
    public async Task Where_there_is_nothing_yet_the_page_says_so()
    {
        var alice = await Tab.SignUpAsync(Site, "alice");
        var bob = await Tab.SignUpAsync(Site, "bob");
        var (noChats, noMessages) = (alice.Page.GetByTestId("no-conversations"), alice.Page.GetByTestId("no-messages"));
        await Expect(noChats).ToBeVisibleAsync();

        await alice.OpenChatAsync(bob.Username);
        await Expect(noMessages).ToBeVisibleAsync();
        await Expect(noChats).ToBeHiddenAsync();
        await alice.ShootAsync("nothing-yet");
        await alice.SayAsync("something");

        await Expect(noMessages).ToBeHiddenAsync();
        await Expect(alice.Bodies).ToHaveTextAsync(["something"]);
    }

    [Fact]
    public async Task A_menu_closes_by_Escape_and_when_the_hand_goes_elsewhere()
    {
        var (alice, _) = await Tab.TalkingAsync(Site);
        var (privacy, panel) = (alice.Page.GetByTestId("privacy"), alice.Page.Locator("#privacy .panel"));
        await privacy.ClickAsync();
        await alice.Page.GetByTestId("privacy-read-receipts").UncheckAsync();
        await Expect(panel).ToBeVisibleAsync();

        await alice.Page.Keyboard.PressAsync("Escape");
        await Expect(panel).ToBeHiddenAsync();
        await Expect(privacy).ToBeFocusedAsync();

        await privacy.ClickAsync();
        await Expect(panel).ToBeVisibleAsync();
        await alice.Page.GetByTestId("text").ClickAsync();
        await Expect(panel).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_chat_opened_without_a_connection_is_filled_with_the_next_one()
    {
        var (_, bob) = await Tab.TalkingAsync(Site);
        await bob.Page.ReloadAsync();
        await Expect(bob.Conversations).ToHaveCountAsync(1);
        await bob.Line.CutAsync();
        await bob.IsAsync("reconnecting");
        await bob.Conversations.ClickAsync();
        await Expect(bob.Page.GetByTestId("chat-notice")).ToHaveTextAsync("The server could not be reached.");
        await bob.ShootAsync("no-connection");

        bob.Line.Mend();

        await Expect(bob.Bodies).ToHaveTextAsync(["before"], Patience);
        await Expect(bob.Page.GetByTestId("chat-notice")).ToHaveTextAsync("");
    }

    [Fact]
    public async Task Who_is_at_a_chat_in_the_list_stays_at_it_when_it_moves_up()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        var carol = await Tab.SignUpAsync(Site, "carol");
        await carol.OpenChatAsync(alice.Username);
        await carol.SayAsync("hello");
        await Expect(alice.Conversations.First).ToContainTextAsync("hello");
        await alice.Conversations.Last.FocusAsync();

        await bob.SayAsync("up");

        await Expect(alice.Conversations.First).ToContainTextAsync("up");
        await Expect(alice.Conversations.First).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Whose_token_is_not_taken_any_more_is_told_to_log_in_again()
    {
        var alice = await Tab.SignUpAsync(Site, "alice");
        await alice.Page.EvaluateAsync("""
            sessionStorage["chat.session"] = JSON.stringify(
              { ...JSON.parse(sessionStorage["chat.session"]), accessToken: "expired" });
            """);

        await alice.Page.ReloadAsync();

        await Expect(alice.Page.GetByTestId("sign-in-error")).ToHaveTextAsync("Please log in again.", Patience);
        await alice.EnterAsync("log-in");
        await alice.IsConnectedAsync();
        await Expect(alice.Page.GetByTestId("password")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task A_message_of_another_day_shows_its_day()
    {
        var (alice, _) = await Tab.TalkingAsync(Site);
        var time = alice.Message("before").GetByTestId("time");
        await Expect(time).Not.ToHaveTextAsync(DayAndTime());

        await alice.Page.Clock.SetFixedTimeAsync(TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(2));
        await alice.Page.ReloadAsync();
        await alice.Conversations.ClickAsync();

        await Expect(time).ToHaveTextAsync(DayAndTime());
    }

    [GeneratedRegex(@"^[A-Z][a-z]{2} \d{1,2}, \d\d:\d\d")]
    private static partial Regex DayAndTime();
}
