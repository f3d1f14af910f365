using Microsoft.Playwright;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Page;

/// <summary>Tests of the page in a real browser: one website for all of them, fresh tabs for each fact.</summary>
[Collection(Website.Collection)]
public abstract class OnThePage(Website site, ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>For what comes from another tab, over the server.</summary>
    protected static LocatorAssertionsToHaveTextOptions Patience { get; } = new() { Timeout = 15_000 };

    protected Website Site => site;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        output.WriteLine(site.Report());
        foreach (var context in site.Browser.Contexts.ToArray()) await context.CloseAsync();
    }
}
