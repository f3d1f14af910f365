global using SeenPresence = Chat.Client.Presence;

using Chat.Tests.Harness;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Presence;

/// <summary>A standalone gateway whose presence runs so fast that nothing has to be waited for long.</summary>
internal sealed class PresenceTown : IAsyncDisposable
{
    private readonly StandaloneGateway _gateway;

    private PresenceTown(StandaloneGateway gateway, ITestOutputHelper output)
    {
        _gateway = gateway;
        Town = new Town(() => [gateway.Address], gateway.Process.Report, output);
    }

    internal Town Town { get; }

    internal static Dictionary<string, string> Quick => new(Town.CheapPasswords)
    {
        ["Chat__Presence__PublishEvery"] = "00:00:00.05",
        ["Chat__Presence__LookEvery"] = "00:00:00.05",
        ["Chat__Presence__NoteApart"] = "00:00:00",
        ["Chat__Presence__Grace"] = "00:00:00.3",
        ["Chat__Presence__RenewEvery"] = "00:10:00",
        ["Chat__Presence__Lease"] = "00:20:00",
        ["Chat__Presence__TypingApart"] = "00:00:00.3",
        ["Chat__Presence__TypingEnds"] = "00:00:01",
    };

    internal static async Task<PresenceTown> OpenAsync(
        ITestOutputHelper output, params (string Name, string Value)[] settings)
    {
        var environment = Quick;
        foreach (var (name, value) in settings) environment[$"Chat__Presence__{name}"] = value;
        return new PresenceTown(await StandaloneGateway.StartAsync(output, environment), output);
    }

    internal Task<Person[]> WelcomeAsync(params string[] names) => Town.WelcomeAsync(names);

    internal Task<Device> OnAsync(Person person) => person.OnAsync(Town.Gateways[0]);

    public async ValueTask DisposeAsync()
    {
        await Town.DisposeAsync();
        await _gateway.DisposeAsync();
    }
}

/// <summary>What a device sees of others.</summary>
internal static class Seeing
{
    internal static async Task<SeenPresence> LooksAtAsync(this Device device, Person other)
    {
        var presence = Assert.Single(await device.Chat.WatchAsync([other.Id]));
        Assert.Equal(other.Id, presence.UserId);
        return presence;
    }

    internal static async Task<SeenPresence> SeesAsync(
        this Device device, Person other, bool online, int after = 0)
    {
        var seen = await device.Presences.UntilAsync(
            $"{device} to see {other} {(online ? "online" : "offline")}",
            heard => heard.Skip(after).Any(one => one.UserId == other.Id && one.Online == online));
        return seen.Skip(after).First(one => one.UserId == other.Id && one.Online == online);
    }
}
