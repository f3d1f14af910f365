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

    internal ILocator Unread => Page.GetByTestId("unread");

    internal static async Task<Tab> OpenAsync(Website site, string name)
    {
        var options = new BrowserNewContextOptions { BaseURL = site.Address.AbsoluteUri };
        var context = await site.Browser.NewContextAsync(options);
        var page = await context.NewPageAsync();
        var tab = new Tab(page, await Line.OfAsync(page), $"{name}-{Guid.NewGuid().ToString("N")[..8]}");
        await tab.Page.GotoAsync("/");
        return tab;
    }

    internal static async Task<Tab> SignUpAsync(Website site, string name)
    {
        var tab = await OpenAsync(site, name);
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

    internal async Task SayAsync(string text)
    {
        await Page.GetByTestId("text").FillAsync(text);
        await Page.GetByTestId("send").ClickAsync();
    }

    internal ILocator Message(string text) => Messages.Filter(new LocatorFilterOptions { HasText = text });

    /// <summary>Waits until the own message shows that tick: sending, sent, delivered, read or failed.</summary>
    internal Task ShowsAsync(string text, string status) =>
        Expect(Message(text)).ToHaveAttributeAsync("data-status", status, Patience);

    internal Task IsConnectedAsync() => IsAsync("connected");

    internal Task IsAsync(string state) =>
        Expect(Page.GetByTestId("connection")).ToHaveAttributeAsync("data-state", state, Patience);
}
