using System.Globalization;
using Chat.Client;
using Chat.Tests.Language;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Chat.Tests.Page;

/// <summary>One user's tab of the web page, in a browser context of its own.</summary>
internal sealed class Tab
{
    private const string Password = "correct horse battery staple";
    private static readonly LocatorAssertionsToHaveAttributeOptions Patience = new() { Timeout = 15_000 };

    private readonly List<string> _faults = [];

    private Tab(IPage page, Line line, string username)
    {
        Page = page;
        Line = line;
        Username = username;
        page.PageError += (_, fault) => _faults.Add(fault);
        page.Console += (_, line) =>
        {
            if (line.Type == "error") _faults.Add(line.Text);
        };
    }

    internal IPage Page { get; }

    internal Line Line { get; }

    internal string Username { get; }

    /// <summary>Script errors and refused loads, the breaches of the page's own content policy among them.</summary>
    internal IReadOnlyList<string> Faults => _faults;

    internal ILocator Messages => Page.GetByTestId("message");

    internal ILocator Bodies => Messages.GetByTestId("body");

    internal ILocator Conversations => Page.GetByTestId("conversation");

    internal ILocator Title => Page.GetByTestId("chat-title");

    /// <summary>Where a message is written.</summary>
    internal ILocator Text => Page.GetByTestId("text");

    /// <summary>What is said under the open chat's name.</summary>
    internal ILocator Status => Page.GetByTestId("chat-status");

    internal ILocator Unread => Page.GetByTestId("unread");

    internal static async Task<Tab> OpenAsync(Website site, string name, BrowserNewContextOptions? device = null)
    {
        var options = new BrowserNewContextOptions(device ?? new()) { BaseURL = site.Address.AbsoluteUri };
        var context = await site.Browser.NewContextAsync(options);
        var page = await context.NewPageAsync();
        var tab = new Tab(page, await Line.OfAsync(page), $"{name}-{Guid.NewGuid().ToString("N")[..8]}");
        await tab.Page.GotoAsync("/");
        return tab;
    }

    /// <summary>Two tabs in one open chat that holds <c>before</c>, read.</summary>
    internal static async Task<(Tab Alice, Tab Bob)> TalkingAsync(Website site)
    {
        var alice = await SignUpAsync(site, "alice");
        var bob = await SignUpAsync(site, "bob");
        await alice.OpenChatAsync(bob.Username);
        await alice.SayAsync("before");
        await bob.Conversations.ClickAsync();
        await alice.ShowsAsync("before", "read");
        return (alice, bob);
    }

    internal static async Task<Tab> SignUpAsync(Website site, string name, BrowserNewContextOptions? device = null)
    {
        var tab = await OpenAsync(site, name, device);
        await tab.EnterAsync("sign-up");
        await tab.IsConnectedAsync();
        return tab;
    }

    /// <summary>Fills in the form and presses <c>sign-up</c> or <c>log-in</c>.</summary>
    internal async Task EnterAsync(string button, string password = Password)
    {
        await Page.GetByTestId("username").FillAsync(Username);
        await Page.GetByTestId("password").FillAsync(password);
        await Page.GetByTestId(button).ClickAsync();
    }

    internal async Task OpenChatAsync(string username)
    {
        await Page.GetByTestId("peer").FillAsync(username);
        await Page.GetByTestId("open-chat-button").ClickAsync();
    }

    internal async Task CreateGroupAsync(string title, params string[] usernames)
    {
        await Page.GetByTestId("new-group").ClickAsync();
        await Page.GetByTestId("group-title").FillAsync(title);
        await Page.GetByTestId("group-members").FillAsync(string.Join(", ", usernames));
        await Page.GetByTestId("create-group-button").ClickAsync();
    }

    /// <summary>Opens a conversation of the list.</summary>
    internal Task ChooseAsync(string title) =>
        Conversations.Filter(new LocatorFilterOptions { HasText = title }).ClickAsync();

    internal async Task SayAsync(string text)
    {
        await Page.GetByTestId("text").FillAsync(text);
        await Page.GetByTestId("send").ClickAsync();
    }

    /// <summary>Opens the menu at a message and presses one of its buttons, by test id.</summary>
    internal async Task ActAsync(string text, string button)
    {
        await Message(text).GetByTestId("more").ClickAsync();
        await Message(text).GetByTestId(button).ClickAsync();
    }

    /// <summary>Opens the menu at a message and presses an emoji, by the name that is read out.</summary>
    internal async Task ReactAsync(string text, string emojiName)
    {
        await Message(text).GetByTestId("more").ClickAsync();
        await Message(text).GetByLabel(emojiName).ClickAsync();
    }

    /// <summary>Gives an own message another text.</summary>
    internal async Task EditAsync(string text, string newText)
    {
        await ActAsync(text, "edit");
        await SayAsync(newText);
    }

    /// <summary>Changes an own message as another device would.</summary>
    internal async Task ChangeAsync(string text, Func<long, Content> change)
    {
        var seq = await Message(text).GetAttributeAsync("data-seq");
        await AsOtherDeviceAsync(change(long.Parse(seq!, CultureInfo.InvariantCulture)));
    }

    /// <summary>Sends to the open chat as another device would.</summary>
    internal async Task AsOtherDeviceAsync(Content content)
    {
        var token = await SessionAsync("accessToken");
        var rest = new ChatRest(Town.HttpAt(Origin), (_, _) => new(token));
        await rest.SendAsync(await OpenConversationAsync(), Guid.NewGuid().ToString(), content);
    }

    /// <summary>Leaves the open group as another device would.</summary>
    internal async Task LeaveAsync()
    {
        var token = await SessionAsync("accessToken");
        await using var device = new ChatConnection(new ChatConnectionOptions
        {
            Gateways = [Origin], UserId = await SessionAsync("userId"), Tokens = (_, _) => new(token),
        });
        await device.StartAsync();
        await device.LeaveAsync(await OpenConversationAsync());
    }

    /// <summary>Presses the keys of a text, one by one, and does not send it.</summary>
    internal Task TypeAsync(string text) => Page.GetByTestId("text").PressSequentiallyAsync(text);

    /// <summary>A picture for people to look at, where <c>CHAT_TEST_PICTURES</c> names a folder for it.</summary>
    internal async Task ShootAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("CHAT_TEST_PICTURES") is not { Length: > 0 } folder) return;
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png") });
    }

    internal ILocator Message(string text) => Messages.Filter(new LocatorFilterOptions { HasText = text });

    /// <summary>Waits until the own message shows that tick: sending, sent, delivered, read or failed.</summary>
    internal Task ShowsAsync(string text, string status) =>
        Expect(Message(text)).ToHaveAttributeAsync("data-status", status, Patience);

    private Uri Origin => new(new Uri(Page.Url), "/");

    private async Task<string> OpenConversationAsync() =>
        (await Page.Locator("[aria-current=true]").GetAttributeAsync("data-conversation-id"))!;

    private Task<string> SessionAsync(string field) =>
        Page.EvaluateAsync<string>($"JSON.parse(sessionStorage['chat.session']).{field}");

    internal Task IsConnectedAsync() => IsAsync("connected");

    internal Task IsAsync(string state) =>
        Expect(Page.GetByTestId("connection")).ToHaveAttributeAsync("data-state", state, Patience);
}
