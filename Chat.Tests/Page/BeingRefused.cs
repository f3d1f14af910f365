using System.Text.Json;
using Chat.Client;
using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Chat.Tests.Page;

/// <summary>A change that is refused changes nothing and says why; one that was not answered is made once.</summary>
public sealed class BeingRefused(Website site, ITestOutputHelper output) : OnThePage(site, output)
{
    [Fact]
    public async Task A_refused_edit_leaves_the_message_says_why_and_is_not_lost()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        var reason = alice.Message("before").GetByTestId("reason");
        await bob.Page.GetByTestId("blocking").ClickAsync();
        await bob.Page.GetByTestId("block").ClickAsync();
        await Expect(bob.Page.GetByTestId("blocking-result")).ToHaveTextAsync("Blocked.", Patience);

        await alice.EditAsync("before", "after all");
        await Expect(reason).ToHaveTextAsync("This chat is blocked.", Patience);
        await Expect(alice.Bodies).ToHaveTextAsync(["before"]);
        await alice.ShootAsync("edit-refused");
        await alice.ActAsync("before", "edit");
        await Expect(alice.Text).ToHaveValueAsync("after all");
        await bob.Page.GetByTestId("unblock").ClickAsync();
        await Expect(bob.Page.GetByTestId("blocking-result")).ToHaveTextAsync("Not blocked.", Patience);
        await Expect(bob.Bodies).ToHaveTextAsync(["before"]);
        await alice.Text.PressAsync("Enter");

        await Expect(bob.Bodies).ToHaveTextAsync(["after all"], Patience);
        await Expect(alice.Bodies).ToHaveTextAsync(["after all"], Patience);
        await Expect(alice.Page.GetByTestId("reason")).ToHaveCountAsync(0);
        Assert.Empty(alice.Faults.Concat(bob.Faults));
    }

    [Fact]
    public async Task A_refused_reaction_is_not_shown_and_can_be_discarded()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        await bob.Page.GetByTestId("blocking").ClickAsync();
        await bob.Page.GetByTestId("block").ClickAsync();
        await Expect(bob.Page.GetByTestId("blocking-result")).ToHaveTextAsync("Blocked.", Patience);

        await alice.ReactAsync("before", "Heart");
        await Expect(alice.Page.GetByTestId("reason")).ToHaveTextAsync("This chat is blocked.", Patience);
        await Expect(alice.Message("before").GetByTestId("reactions")).ToHaveTextAsync("");
        await alice.Page.GetByTestId("discard").ClickAsync();

        await Expect(alice.Page.GetByTestId("reason")).ToHaveCountAsync(0);
        await alice.Page.ReloadAsync();
        await alice.Conversations.ClickAsync();
        await Expect(alice.Bodies).ToHaveTextAsync(["before"]);
        await Expect(alice.Page.GetByTestId("reason")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_was_deleted_meanwhile_can_not_be_edited_and_the_page_says_so()
    {
        var (alice, _) = await Tab.TalkingAsync(Site);
        await alice.ActAsync("before", "edit");
        await alice.ChangeAsync("before", Content.OfDelete);
        await Expect(alice.Bodies).ToHaveTextAsync(["This message was deleted"], Patience);

        await alice.SayAsync("after all");

        await Expect(alice.Page.GetByTestId("reason")).ToHaveTextAsync("That message is not there any more.", Patience);
        await Expect(alice.Bodies).ToHaveTextAsync(["This message was deleted"]);
    }

    [Fact]
    public async Task Changes_made_without_a_connection_are_sent_with_the_next_one()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        var pending = alice.Messages.First.GetByTestId("pending");
        await alice.Line.CutAsync();
        await alice.IsAsync("reconnecting");

        await alice.EditAsync("before", "after all");
        await Expect(pending).ToHaveTextAsync("saving…");
        await alice.ReactAsync("before", "Heart");
        await alice.Page.ReloadAsync();
        alice.Line.Mend();
        await alice.IsConnectedAsync();
        await alice.Conversations.ClickAsync();

        await Expect(bob.Bodies).ToHaveTextAsync(["after all"], Patience);
        await Expect(bob.Messages.GetByTestId("reactions")).ToHaveTextAsync("❤️", Patience);
        await Expect(alice.Bodies).ToHaveTextAsync(["after all"], Patience);
        await Expect(pending).ToHaveTextAsync("", Patience);
    }

    [Fact]
    public async Task A_change_whose_answer_was_lost_is_sent_again_under_its_id_and_made_once()
    {
        var (alice, bob) = await Tab.TalkingAsync(Site);
        alice.Line.Deafen();
        await alice.EditAsync("before", "after all");
        await Expect(bob.Bodies).ToHaveTextAsync(["after all"], Patience);
        await Expect(alice.Message("before").GetByTestId("pending")).ToHaveTextAsync("saving…");

        await alice.Line.CutAsync();
        alice.Line.Mend();

        await Expect(alice.Bodies).ToHaveTextAsync(["after all"], Patience);
        await alice.SayAsync("next");
        await alice.ShowsAsync("next", "read");
        var edits = alice.Line.Calls("Send").Where(call => call.Contains("\"edit\"", StringComparison.Ordinal));
        var ids = edits.Select(ClientMessageId).ToArray();
        Assert.Equal(2, ids.Length);
        Assert.Single(ids.Distinct());
        // The first message, its edit, and this one.
        await Expect(alice.Message("next")).ToHaveAttributeAsync("data-seq", "3");
    }

    private static string ClientMessageId(string call) =>
        JsonDocument.Parse(call).RootElement.GetProperty("clientMessageId").GetString()!;
}
