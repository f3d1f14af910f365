using System.Collections.Concurrent;
using Chat.Client;
using Chat.Tests.Harness;
using Xunit.Abstractions;

namespace Chat.Tests.Language;

/// <summary>The people of one test and the gateways that they use; takes their devices along at its end.</summary>
internal sealed class Town(Func<IReadOnlyList<Uri>> gateways, Func<string> report, ITestOutputHelper output)
    : IAsyncDisposable
{
    /// <summary>Cheap password hashes: a test that is not about log-ins should not wait for them.</summary>
    internal static readonly IReadOnlyDictionary<string, string> CheapPasswords =
        new Dictionary<string, string> { ["Chat__Auth__PasswordIterations"] = "1000" };

    private const string Password = "correct horse";

    private static readonly ConcurrentDictionary<Uri, HttpClient> Https = new();

    private readonly ConcurrentBag<Device> _devices = [];

    internal IReadOnlyList<Uri> Gateways => gateways();

    internal static HttpClient HttpAt(Uri gateway) => Https.GetOrAdd(
        gateway, address => new HttpClient { BaseAddress = address, Timeout = Eventually.Patience });

    /// <summary>Makes an account; the name is told apart from those of other tests by chance.</summary>
    internal async Task<Person> WelcomeAsync(string name)
    {
        var username = $"{name}.{Guid.NewGuid():N}";
        var rest = new ChatRest(HttpAt(Gateways[0]));
        await rest.CreateAccountAsync(username, Password, name);
        var token = await rest.CreateTokenAsync(username, Password);
        return new Person(this, name, token.UserId, token.Value);
    }

    internal async Task<Person[]> WelcomeAsync(params string[] names)
    {
        var people = new Person[names.Length];
        for (var i = 0; i < names.Length; i++) people[i] = await WelcomeAsync(names[i]);
        return people;
    }

    /// <summary>Alice at the first gateway and Bob at the second, in a conversation that she opened.</summary>
    internal async Task<(Person[] People, Device Alice, Device Bob, string Chat)> TalkingAsync()
    {
        var people = await WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(Gateways[0]);
        var bob = await people[1].OnAsync(Gateways[1]);
        return (people, alice, bob, await alice.OpenAsync(people[1]));
    }

    internal Device Own(Device device)
    {
        _devices.Add(device);
        return device;
    }

    internal void Tell(string line) => output.WriteLine(line);

    public async ValueTask DisposeAsync()
    {
        output.WriteLine(report());
        await Task.WhenAll(_devices.Select(device => device.DisposeAsync().AsTask()));
    }
}
