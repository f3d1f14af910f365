using Chat.Client;
using Microsoft.Playwright;
using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Chat.Tests.Page;

/// <summary>Whatever people are called and write, the page stays within the screen, a phone's too.</summary>
public sealed class FittingTheScreen(Website site, ITestOutputHelper output) : OnThePage(site, output)
{
    private const string LongName = "Wolfeschlegelsteinhausenbergerdorff.of.Philadelphia";

    /// <summary>What is wider than its place, and neither ends in an ellipsis nor is for ears alone.</summary>
    private const string TooWide = """
        () => [...document.querySelectorAll("html, #app :not(input, .visually-hidden)")]
          .filter((shown) => shown.checkVisibility() && shown.clientWidth > 0
            && shown.scrollWidth > shown.clientWidth + 1 && getComputedStyle(shown).textOverflow !== "ellipsis")
          .map((shown) => shown.id || shown.className || shown.tagName)
        """;

    private static readonly LocatorAssertionsToBeInViewportOptions Whole = new() { Ratio = 1 };

    [Theory]
    [InlineData(390, 844)]
    [InlineData(1280, 800)]
    public async Task Long_names_and_long_words_are_broken_or_cut(int width, int height)
    {
        var alice = await Tab.SignUpAsync(Site, $"A.{LongName}");
        var bob = await Tab.SignUpAsync(Site, LongName);
        await alice.Page.SetViewportSizeAsync(width, height);
        await alice.OpenChatAsync($"nobody.{LongName}");
        await Expect(alice.Page.GetByTestId("open-chat-error")).ToHaveTextAsync("Nobody has that username.");
        Assert.Empty(await alice.Page.EvaluateAsync<string[]>(TooWide));
        await alice.CreateGroupAsync(new string('W', 60), bob.Username);
        await bob.ChooseAsync("WWW");
        await bob.SayAsync("https://example.org/" + new string('x', 300));
        await alice.SayAsync("plain words, one after another, so many of them that they do not fit into one line");
        await alice.SayAsync("typo");
        await alice.SayAsync("slip of the tongue");
        await alice.ShowsAsync("slip", "read");
        await alice.ChangeAsync("typo", seq => Content.OfEdit(seq, "no typo"));
        await alice.ChangeAsync("no typo", seq => Content.OfReaction(seq, "👍"));
        await bob.ChangeAsync("no typo", seq => Content.OfReaction(seq, "👍"));
        await alice.ChangeAsync("slip", Content.OfDelete);
        await Expect(alice.Message("no typo").GetByTestId("reactions")).ToHaveTextAsync("👍 2", Patience);
        await Expect(alice.Bodies.Last).ToHaveTextAsync("This message was deleted", Patience);
        await alice.ShootAsync($"long-{width}");

        Assert.Empty(await alice.Page.EvaluateAsync<string[]>(TooWide));
        await Expect(alice.Page.GetByTestId("send")).ToBeInViewportAsync(Whole);
        await Expect(alice.Page.GetByTestId("sign-out")).ToBeInViewportAsync(Whole);
    }

    [Theory]
    [InlineData(360, 640)]
    [InlineData(1280, 800)]
    public async Task What_can_be_done_with_a_message_is_whole(int width, int height)
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        await alice.Page.SetViewportSizeAsync(width, height);
        await bob.SayAsync("long " + new string('x', 300));
        await bob.SayAsync("ok");
        await bob.ReactAsync("before", "Heart");
        await Expect(alice.Message("before").GetByTestId("reactions")).ToHaveTextAsync("❤️", Patience);
        var panel = alice.Page.GetByTestId("actions");

        foreach (var text in new[] { "before", "long", "ok" })
        {
            await alice.Message(text).GetByTestId("more").ClickAsync();
            await Expect(panel).ToBeInViewportAsync(Whole);
            await alice.ShootAsync($"actions-{text}-{width}");
            await alice.Page.Keyboard.PressAsync("Escape");
        }

        await alice.ActAsync("before", "ask");
        await Expect(panel).ToBeInViewportAsync(Whole);
        await alice.ShootAsync($"ask-{width}");
        await alice.Page.Keyboard.PressAsync("Escape");
        await alice.ActAsync("long", "reply");
        await Expect(alice.Page.GetByTestId("cancel")).ToBeInViewportAsync(Whole);
        await alice.ShootAsync($"reply-{width}");
        await alice.SayAsync("I see");
        await alice.ShowsAsync("I see", "read");
        await alice.ActAsync("I see", "edit");
        await Expect(alice.Page.GetByTestId("cancel")).ToBeInViewportAsync(Whole);
        await Expect(alice.Page.GetByTestId("send")).ToBeInViewportAsync(Whole);
        await alice.ShootAsync($"edit-{width}");
        Assert.Empty(await alice.Page.EvaluateAsync<string[]>(TooWide));
    }

    [Fact]
    public async Task The_newest_message_stays_in_view_when_the_screen_gets_smaller_and_an_older_one_does_not_move()
    {
        var (alice, _) = await Tab.TalkingAsync(Site);
        for (var n = 1; n <= 25; n++) await alice.SayAsync($"number {n}.");
        await alice.ShowsAsync("number 25.", "read");
        await Expect(alice.Message("number 25.")).ToBeInViewportAsync(Whole);

        // A keyboard comes up.
        await alice.Page.SetViewportSizeAsync(1280, 400);
        await Expect(alice.Message("number 25.")).ToBeInViewportAsync(Whole);
        await alice.Message("number 1.").ScrollIntoViewIfNeededAsync();
        await alice.Page.SetViewportSizeAsync(1280, 500);

        await Expect(alice.Message("number 1.")).ToBeInViewportAsync(Whole);
        await Expect(alice.Message("number 25.")).Not.ToBeInViewportAsync();
    }

    [Fact]
    public async Task On_a_phone_a_group_can_be_named_filled_and_created()
    {
        var alice = await Tab.SignUpAsync(Site, "alice");
        await alice.Page.SetViewportSizeAsync(390, 844);
        await alice.ShootAsync("phone-empty");

        await alice.Page.GetByTestId("new-group").ClickAsync();

        await alice.ShootAsync("phone-new-group");
        await Expect(alice.Page.GetByTestId("group-title")).ToBeInViewportAsync(Whole);
        await Expect(alice.Page.GetByTestId("create-group-button")).ToBeInViewportAsync(Whole);
    }

    [Fact]
    public async Task On_a_phone_there_is_the_list_or_a_chat_and_what_is_not_seen_is_not_read()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        await alice.Page.SetViewportSizeAsync(390, 844);
        await Expect(alice.Conversations).ToBeHiddenAsync();

        await alice.Page.GetByTestId("back").ClickAsync();
        await Expect(alice.Text).ToBeHiddenAsync();
        await Expect(alice.Conversations).ToBeFocusedAsync();
        await bob.SayAsync("are you there?");
        await Expect(alice.Unread).ToHaveTextAsync("1", Patience);
        await alice.ShootAsync("phone-list");
        await alice.Conversations.ClickAsync();

        await bob.ShowsAsync("are you there?", "read");
        await Expect(alice.Text).ToBeFocusedAsync();
        Assert.Empty(await alice.Page.EvaluateAsync<string[]>(TooWide));
    }

    [Fact]
    public async Task On_the_narrowest_screen_a_lost_connection_leaves_the_bar_whole()
    {
        var alice = await Tab.SignUpAsync(Site, "alice");
        await alice.Page.SetViewportSizeAsync(320, 568);
        await alice.Line.CutAsync();
        await alice.IsAsync("reconnecting");
        await alice.ShootAsync("narrowest-cut");

        Assert.Empty(await alice.Page.EvaluateAsync<string[]>(TooWide));
        await Expect(alice.Page.GetByTestId("sign-out")).ToBeInViewportAsync(Whole);
        await Expect(alice.Page.GetByTestId("connection")).ToBeInViewportAsync(Whole);
    }

    [Fact]
    public async Task Under_a_finger_the_keyboard_stays_away_until_there_is_something_to_write()
    {
        var phone = new BrowserNewContextOptions
        {
            HasTouch = true, IsMobile = true, ViewportSize = new ViewportSize { Width = 390, Height = 844 },
        };
        var alice = await Tab.SignUpAsync(Site, "alice", phone);
        var bob = await Tab.SignUpAsync(Site, "bob");

        await alice.OpenChatAsync(bob.Username);
        await Expect(alice.Page.Locator("#log")).ToBeFocusedAsync();
        await alice.SayAsync("hello");
        await Expect(alice.Text).ToBeFocusedAsync();
        await alice.ShowsAsync("hello", "delivered");
        await alice.ActAsync("hello", "ask");
        await alice.Page.GetByTestId("delete").ClickAsync();
        await Expect(alice.Page.Locator("#log")).ToBeFocusedAsync();
        await alice.SayAsync("again");
        await alice.ShowsAsync("again", "delivered");
        await alice.Page.GetByTestId("back").ClickAsync();
        await alice.Conversations.ClickAsync();
        await Expect(alice.Page.Locator("#log")).ToBeFocusedAsync();

        await alice.ActAsync("again", "reply");

        await Expect(alice.Text).ToBeFocusedAsync();
    }

    /// <summary>The least ratio of WCAG AA between words and what they stand on.</summary>
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Words_stand_out_from_what_they_stand_on(ColorScheme scheme)
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        await alice.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
        await alice.ActAsync("before", "reply");
        await alice.SayAsync("of mine");
        await Expect(bob.Bodies.Last).ToHaveTextAsync("of mine", Patience);
        await bob.Messages.First.GetByTestId("more").ClickAsync();
        await bob.Page.GetByTestId("reply").ClickAsync();
        await bob.SayAsync("of yours");
        await Expect(alice.Bodies.Last).ToHaveTextAsync("of yours", Patience);
        await alice.ActAsync("of mine", "edit");

        Assert.Empty(await alice.Page.EvaluateAsync<string[]>("""
            () => {
              const numbers = (color) => color.match(/[\d.]+/g).map(Number);
              const brightness = (color) => numbers(color).slice(0, 3).map((part) => part / 255)
                .map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
                .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
              const groundOf = (node) => {
                const { backgroundColor } = getComputedStyle(node);
                const isClear = numbers(backgroundColor)[3] === 0;
                return isClear && node.parentElement ? groundOf(node.parentElement) : backgroundColor;
              };
              const hasWords = ({ childNodes }) =>
                [...childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
              return [...document.querySelectorAll("#app *")]
                .filter((node) => hasWords(node) && node.checkVisibility())
                .map((node) => {
                  const [dark, bright] = [getComputedStyle(node).color, groundOf(node)].map(brightness)
                    .sort((one, other) => one - other);
                  return { node, ratio: (bright + 0.05) / (dark + 0.05) };
                })
                .filter(({ ratio }) => ratio < 4.5)
                .map(({ node, ratio }) => `${node.className || node.id}: ${ratio.toFixed(2)}`);
            }
            """));
    }
}
