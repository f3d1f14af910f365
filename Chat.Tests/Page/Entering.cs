using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Chat.Tests.Page;

/// <summary>The hand at the keyboard is led through logging in, and keeps its place where that is refused.</summary>
public sealed class Entering(Website site, ITestOutputHelper output) : OnThePage(site, output)
{
    [Fact]
    public async Task One_signs_up_by_the_keyboard_alone_after_a_refusal_too()
    {
        var eve = await Tab.OpenAsync(Site, "eve");
        var keyboard = eve.Page.Keyboard;
        await Expect(eve.Page.GetByTestId("username")).ToBeFocusedAsync();
        await keyboard.TypeAsync(eve.Username);
        await keyboard.PressAsync("Tab");
        await keyboard.TypeAsync("correct horse");
        await keyboard.PressAsync("Tab");

        await keyboard.PressAsync("Enter");
        await Expect(eve.Page.GetByTestId("sign-in-error")).ToHaveTextAsync("Wrong username or password.");
        await Expect(eve.Page.GetByTestId("log-in")).ToBeFocusedAsync();
        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Enter");

        await eve.IsConnectedAsync();
        await Expect(eve.Page.GetByTestId("peer")).ToBeFocusedAsync();
    }
}
