using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Chat.Tests.Page;

/// <summary>A group is made, opened and talked in on the web page.</summary>
public sealed class TalkingInGroups(Website site, ITestOutputHelper output) : OnThePage(site, output)
{
    [Fact]
    public async Task Three_people_talk_and_see_who_says_what()
    {
        var alice = await Tab.SignUpAsync(Site, "alice");
        var bob = await Tab.SignUpAsync(Site, "bob");
        var carol = await Tab.SignUpAsync(Site, "carol");

        await alice.CreateGroupAsync("Hike <i>", bob.Username, carol.Username);
        await Expect(alice.Title).ToHaveTextAsync("Hike <i>", Patience);
        await Expect(alice.Bodies).ToHaveTextAsync(["You created the group “Hike <i>”"]);
        await Expect(alice.Status).ToHaveTextAsync($"{bob.Username}, {carol.Username}, you");

        // Carol has it, and has it not open.
        await bob.ChooseAsync("Hike");
        await Expect(bob.Bodies).ToHaveTextAsync([$"{alice.Username} created the group “Hike <i>”"]);
        await alice.SayAsync("Who comes?");
        await Expect(carol.Unread).ToHaveTextAsync("1", Patience);
        await alice.ShowsAsync("Who comes?", "delivered");
        await carol.ChooseAsync("Hike");
        await alice.ShowsAsync("Who comes?", "read");

        await bob.TypeAsync("I do");
        await Expect(alice.Status).ToHaveTextAsync($"{bob.Username} is typing…", Patience);
        await alice.ShootAsync("group-typing");
        await bob.Page.GetByTestId("send").ClickAsync();
        await Expect(carol.Message("I do").GetByTestId("sender")).ToHaveTextAsync(bob.Username, Patience);
        await Expect(carol.Message("I do").GetByTestId("sender")).ToHaveClassAsync("sender");
        await Expect(bob.Message("I do").GetByTestId("sender")).ToHaveClassAsync("sender visually-hidden");
        await carol.ShootAsync("group");
        Assert.Empty(alice.Faults.Concat(bob.Faults).Concat(carol.Faults));
    }

    [Fact]
    public async Task In_a_small_group_each_member_is_waited_for()
    {
        var alice = await Tab.SignUpAsync(Site, "alice");
        var bob = await Tab.SignUpAsync(Site, "bob");
        await alice.CreateGroupAsync("We two", bob.Username);
        await Expect(bob.Conversations).ToHaveCountAsync(1);

        await alice.SayAsync("just us");

        await alice.ShowsAsync("just us", "delivered");
        await bob.ChooseAsync("We two");
        await alice.ShowsAsync("just us", "read");
        await alice.Page.ReloadAsync();
        await alice.ChooseAsync("We two");
        await alice.ShowsAsync("just us", "read");
    }

    [Fact]
    public async Task A_button_pressed_twice_makes_one_group()
    {
        var alice = await Tab.SignUpAsync(Site, "alice");
        var bob = await Tab.SignUpAsync(Site, "bob");
        await alice.Page.GetByTestId("new-group").ClickAsync();
        await alice.Page.GetByTestId("group-title").FillAsync("Once");
        await alice.Page.GetByTestId("group-members").FillAsync(bob.Username);

        await alice.Page.GetByTestId("create-group-button").DblClickAsync();

        await Expect(alice.Title).ToHaveTextAsync("Once", Patience);
        Assert.Single(alice.Line.Calls("CreateGroup"));
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_said_and_makes_no_group()
    {
        var alice = await Tab.SignUpAsync(Site, "alice");

        await alice.CreateGroupAsync("Nobody", alice.Username, "nobody-of-that-name");

        await Expect(alice.Page.GetByTestId("create-group-error"))
            .ToHaveTextAsync("Nobody has the username “nobody-of-that-name”.");
        await Expect(alice.Page.GetByTestId("group-title")).ToHaveValueAsync("Nobody");
        await Expect(alice.Conversations).ToHaveCountAsync(0);
    }
}
