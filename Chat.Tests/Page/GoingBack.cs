using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Chat.Tests.Page;

/// <summary>The browser's own back button leads from a chat to the list, where only one of them is in sight.</summary>
public sealed class GoingBack(Website site, ITestOutputHelper output) : OnThePage(site, output)
{
    [Fact]
    public async Task On_a_phone_it_leads_to_the_list_and_forward_to_the_chat_again()
    {
        var (alice, bob) = await OnAPhoneAsync();

        await alice.Page.GoBackAsync();
        await Expect(alice.Conversations).ToBeFocusedAsync();
        await Expect(alice.Text).ToBeHiddenAsync();
        await bob.SayAsync("are you there?");
        await Expect(alice.Unread).ToHaveTextAsync("1", Patience);

        await alice.Page.GoForwardAsync();
        await Expect(alice.Text).ToBeFocusedAsync();
        await bob.ShowsAsync("are you there?", "read");
        Assert.Empty(alice.Faults);
    }

    [Fact]
    public async Task The_pages_own_button_takes_the_same_step()
    {
        var (alice, _) = await OnAPhoneAsync();
        var steps = await StepsAsync(alice);

        await alice.Page.GetByTestId("back").ClickAsync();
        await Expect(alice.Conversations).ToBeFocusedAsync();
        await alice.Conversations.ClickAsync();
        await Expect(alice.Text).ToBeFocusedAsync();

        Assert.Equal(steps, await StepsAsync(alice));
        await alice.Page.GoBackAsync();
        await Expect(alice.Conversations).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_page_that_is_loaded_anew_begins_with_the_list_and_has_no_chat_behind_it()
    {
        var (alice, _) = await OnAPhoneAsync();

        await alice.Page.ReloadAsync();
        await Expect(alice.Conversations).ToBeVisibleAsync();
        await alice.Page.WaitForFunctionAsync("history.state === null");
        await alice.Conversations.ClickAsync();
        await Expect(alice.Text).ToBeFocusedAsync();
        await alice.Page.GoBackAsync();

        await Expect(alice.Conversations).ToBeFocusedAsync();
        Assert.Empty(alice.Faults);
    }

    [Fact]
    public async Task Where_both_are_in_sight_a_chat_is_no_step()
    {
        var alice = await Tab.SignUpAsync(Site, "alice");
        var steps = await StepsAsync(alice);

        await alice.OpenChatAsync(alice.Username);
        await Expect(alice.Text).ToBeFocusedAsync();

        Assert.Equal(steps, await StepsAsync(alice));
    }

    private async Task<(Tab Alice, Tab Bob)> OnAPhoneAsync()
    {
        var alice = await Tab.SignUpAsync(Site, "alice");
        var bob = await Tab.SignUpAsync(Site, "bob");
        await alice.Page.SetViewportSizeAsync(390, 844);
        await bob.OpenChatAsync(alice.Username);
        await bob.SayAsync("hello");
        await alice.Conversations.ClickAsync();
        await bob.ShowsAsync("hello", "read");
        return (alice, bob);
    }

    private static Task<int> StepsAsync(Tab tab) => tab.Page.EvaluateAsync<int>("history.length");
}
