using Chat.Tests.Harness;
using Chat.Tests.Presence;
using Microsoft.Playwright;
using Xunit;

namespace Chat.Tests.Page;

/// <summary>A standalone gateway, and Debian's Chromium to look at its page, driven by Playwright.</summary>
/// <remarks>Playwright's package brings its own driver: nothing is downloaded.</remarks>
[CollectionDefinition(Collection)]
public sealed class Website : IAsyncLifetime, ICollectionFixture<Website>
{
    public const string Collection = "page";

    /// <summary>
    /// Presence runs fast; typing is told and ends as it does for users. Groups of more than two count as large.
    /// </summary>
    private static readonly Dictionary<string, string> Settings = new(PresenceTown.Quick)
    {
        ["Chat__Presence__TypingApart"] = "00:00:03",
        ["Chat__Presence__TypingEnds"] = "00:00:06",
        ["Chat__Receipts__OneByOneMembersMax"] = "2",
    };

    private StandaloneGateway? _gateway;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal Uri Address => _gateway?.Address ?? throw new InvalidOperationException("The fixture is not started.");

    internal IBrowser Browser => _browser ?? throw new InvalidOperationException("The fixture is not started.");

    public async Task InitializeAsync()
    {
        _gateway = await StandaloneGateway.StartAsync(environment: Settings);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args =
            [
                // Containers run as root, where Chromium's own sandbox does not start.
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    internal string Report() => _gateway?.Process.Report() ?? "";

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_gateway is not null) await _gateway.DisposeAsync();
    }
}
