using System.Text.RegularExpressions;
using Chat.Tests.Harness;
using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Chat.Tests.Page;

/// <summary>Under the name of the open chat the page says who is online, typing, or was seen when.</summary>
public sealed partial class SeeingWhoIsThere(Website site, ITestOutputHelper output) : OnThePage(site, output)
{
    [Fact]
    public async Task A_peer_is_online_then_typing_then_was_seen_last()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        await Expect(bob.Status).ToHaveTextAsync("online", Patience);

        await alice.TypeAsync("Hello");
        await Expect(bob.Status).ToHaveTextAsync("typing…", Patience);
        await bob.ShootAsync("typing");
        await alice.Page.GetByTestId("send").ClickAsync();
        await Expect(bob.Status).ToHaveTextAsync("online", Patience);

        await alice.Page.CloseAsync();
        await Expect(bob.Status).ToHaveTextAsync(LastSeen(), Patience);
        await bob.ShootAsync("last-seen");
        Assert.Empty(bob.Faults);
    }

    [Fact]
    public async Task Who_cleared_the_text_types_no_more()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        await alice.TypeAsync("Hello");
        await Expect(bob.Status).ToHaveTextAsync("typing…", Patience);

        await alice.Page.GetByTestId("text").FillAsync("");

        await Expect(bob.Status).ToHaveTextAsync("online", Patience);
        Assert.EndsWith("\"typing\":false}", alice.Line.Calls("SetTyping")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Typing_ends_by_itself_where_its_end_is_not_heard()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        await bob.Page.Clock.InstallAsync();
        await alice.TypeAsync("Hello");
        await Expect(bob.Status).ToHaveTextAsync("typing…", Patience);
        bob.Line.Deafen();

        await bob.Page.Clock.FastForwardAsync(6_000);

        await Expect(bob.Status).ToHaveTextAsync("online", Patience);
    }

    [Fact]
    public async Task A_hand_at_the_page_is_reported_once_in_a_while_and_typing_is_told_seldom()
    {
        var (alice, _) = await Tab.TalkingAsync(Site);
        var clock = alice.Page.Clock;
        await clock.InstallAsync();
        await alice.Page.ReloadAsync();
        await alice.IsConnectedAsync();
        // So far there was the click that signed her up, and the reload was no input.
        Assert.Single(alice.Line.Calls("ReportActivity"));
        await alice.Conversations.ClickAsync();
        await CallsAsync(alice, "ReportActivity", 2);
        await clock.PauseAtAsync(TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(20));

        var sent = alice.Line.Calls("SetTyping").Length;
        await alice.TypeAsync("Hello Bob");
        await CallsAsync(alice, "ReportActivity", 3);
        await clock.RunForAsync(3_000);
        await alice.TypeAsync(", how are you?");
        await CallsAsync(alice, "SetTyping", sent + 2);
        await clock.RunForAsync(12_000);
        await CallsAsync(alice, "SetTyping", sent + 3);
        await alice.Page.EvaluateAsync("dispatchEvent(new KeyboardEvent('keydown'))");
        await clock.RunForAsync(15_000);
        await alice.Page.GetByTestId("send").ClickAsync();
        await CallsAsync(alice, "Send", 2);

        Assert.Equal(4, alice.Line.Calls("ReportActivity").Length);
        Assert.Equal([true, true, false], alice.Line.Calls("SetTyping").Skip(sent).Select(IsTyping));

        static bool IsTyping(string call) => call.Contains("\"typing\":true", StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_reconnect_the_peer_is_watched_again()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        await Expect(bob.Status).ToHaveTextAsync("online", Patience);

        await bob.Line.CutAsync();
        await Expect(bob.Status).ToHaveTextAsync("", Patience);
        bob.Line.Mend();
        await Expect(bob.Status).ToHaveTextAsync("online", Patience);

        await alice.Page.CloseAsync();
        await Expect(bob.Status).ToHaveTextAsync(LastSeen(), Patience);
    }

    [Fact]
    public async Task Only_the_peer_of_the_open_chat_is_watched()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        var carol = await Tab.SignUpAsync(Site, "carol");
        await Expect(bob.Status).ToHaveTextAsync("online", Patience);

        await bob.OpenChatAsync(carol.Username);
        await Expect(bob.Title).ToHaveTextAsync(carol.Username);
        await Expect(bob.Status).ToHaveTextAsync("online", Patience);

        Assert.Equal(2, bob.Line.Calls("Watch").Length);
        Assert.Equal(bob.Line.Calls("Watch")[0], Assert.Single(bob.Line.Calls("Unwatch")));
        Assert.Empty(alice.Faults.Concat(bob.Faults));
    }

    [Fact]
    public async Task What_was_pushed_counts_before_an_answer_that_comes_after_it()
    {
        var tab = await Tab.OpenAsync(Site, "alice");

        var seen = await tab.Page.EvaluateAsync<string>("""
            async () => {
              const { Presences } = await import("/js/presences.js");
              const answers = [];
              const connection = Object.assign(new EventTarget(), {
                state: "connected",
                call: (method, { userIds }) => new Promise((resolve) => answers.push(() =>
                  resolve({ presence: userIds.map((userId) => ({ userId, online: true })) }))),
              });
              const push = (detail) => connection.dispatchEvent(new CustomEvent("PresenceChanged", { detail }));
              const rest = () => new Promise((resolve) => setTimeout(resolve));
              const presences = new Presences(connection);
              presences.watchOnly(["bob", "carol"]);
              await rest();
              push({ userId: "bob", online: false });
              // Whoever looks elsewhere for a moment misses nothing.
              presences.watchOnly([]);
              push({ userId: "carol", online: false });
              presences.watchOnly(["bob", "carol"]);
              answers.shift()();
              await rest();
              const first = `${presences.of("bob").online} ${presences.of("carol").online}`;
              // A later question is answered by what holds then.
              connection.dispatchEvent(new CustomEvent("state"));
              await rest();
              answers.shift()();
              await rest();
              return `${first} ${presences.of("bob").online}`;
            }
            """);

        Assert.Equal("false false true", seen);
        Assert.Empty(tab.Faults);
    }

    private static Task CallsAsync(Tab tab, string method, int count) => Eventually.YieldsAsync(
        $"{count} calls of {method}", () => Task.FromResult(tab.Line.Calls(method).Length), seen => seen == count);

    [GeneratedRegex("^last seen (today|yesterday) at .+$")]
    private static partial Regex LastSeen();
}
