using System.Text;
using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Chat.Tests.Wire;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Outside;

/// <summary>
/// Frames that no client of ours sends: which of them cost the connection and which do not (docs/protocol.md). None
/// costs the process anything, nor another connection.
/// </summary>
public sealed class MalformedFrames(OutsideGateway house, ITestOutputHelper output) : IClassFixture<OutsideGateway>
{
    /// <summary>What a frame comes to.</summary>
    public enum End
    {
        /// <summary>The connection is closed, with SignalR's own words.</summary>
        Closed,

        /// <summary>The call is refused with SignalR's own words; the connection goes on.</summary>
        RefusedBySignalR,

        /// <summary>The call is refused as <c>invalid</c>; the connection goes on.</summary>
        Invalid,

        /// <summary>The call is carried out: what is too much is passed over.</summary>
        Answered,

        /// <summary>
        /// SignalR waits for what it could make something of: it reads nothing more of this connection, which ends when
        /// the client was silent for too long in its eyes. The others are not concerned.
        /// </summary>
        Stuck,
    }

    public static TheoryData<string, HubEncoding, End> Cases => new()
    {
        { "no frame at all", HubEncoding.Json, End.Closed },
        { "no frame at all", HubEncoding.MessagePack, End.Closed },
        { "a frame of no known type", HubEncoding.Json, End.Stuck },
        { "a frame of no known type", HubEncoding.MessagePack, End.Stuck },
        { "an unknown method", HubEncoding.Json, End.RefusedBySignalR },
        { "an unknown method", HubEncoding.MessagePack, End.RefusedBySignalR },
        { "no argument", HubEncoding.Json, End.RefusedBySignalR },
        { "no argument", HubEncoding.MessagePack, End.RefusedBySignalR },
        { "two arguments", HubEncoding.Json, End.RefusedBySignalR },
        { "two arguments", HubEncoding.MessagePack, End.RefusedBySignalR },
        { "an argument that is no object", HubEncoding.Json, End.Invalid },
        { "an argument that is no object", HubEncoding.MessagePack, End.Invalid },
        { "deeper than JSON may be", HubEncoding.Json, End.Closed },
        { "deeper than JSON may be", HubEncoding.MessagePack, End.Answered },
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task It_ends_as_the_protocol_says_and_concerns_nobody_else(string what, HubEncoding encoding, End end)
    {
        await using var town = house.Enter(output);
        var people = await town.WelcomeAsync("alice", "bob");
        var process = house.Gateway.Process.Id;
        await using var bob = await WireSocket.ConnectAsync(people[1], house.Gateway.Address, encoding);
        await AssertUsableAsync(bob);
        await using var alice = await WireSocket.ConnectAsync(people[0], house.Gateway.Address, encoding);

        var frame = await SendAsync(alice, what, encoding);

        output.WriteLine($"{frame?.Type} {frame?.Error}");
        switch (end)
        {
            case End.Closed:
                Assert.Equal(WireFrame.Close, frame?.Type);
                Assert.NotNull(frame!.Error);
                Assert.DoesNotContain("Exception: ", frame.Error, StringComparison.Ordinal);
                Assert.Null(await alice.NextAsync("the end of the connection"));
                break;
            case End.RefusedBySignalR:
                Assert.Equal(WireFrame.Completion, frame?.Type);
                Assert.DoesNotContain("{", frame!.Error!, StringComparison.Ordinal);
                break;
            case End.Invalid:
                Assert.Contains("\"code\":\"invalid\"", frame?.Error!, StringComparison.Ordinal);
                break;
            case End.Stuck:
                Assert.Null(frame);
                break;
            default:
                Assert.Equal((WireFrame.Completion, null), (frame!.Type, frame.Error));
                break;
        }

        if (end is not (End.Closed or End.Stuck)) await AssertUsableAsync(alice);
        await AssertUsableAsync(bob);
        await using var again = await WireSocket.ConnectAsync(people[0], house.Gateway.Address, encoding);
        await AssertUsableAsync(again);
        Assert.True(house.Gateway.Process.IsRunning);
        Assert.Equal(process, house.Gateway.Process.Id);
    }

    /// <returns>What it came to; null: nothing is to be awaited.</returns>
    private static async Task<WireFrame?> SendAsync(WireSocket wire, string what, HubEncoding encoding)
    {
        var isJson = encoding is HubEncoding.Json;
        var nothing = new Value.Fields([]);
        switch (what)
        {
            case "no frame at all":
                await wire.SendAsync(isJson
                    ? Encoding.UTF8.GetBytes("GET / HTTP/1.1\u001e")
                    : WireSocket.Framed([0xc1, 0xff, 0x00, 0x93]));
                return await wire.NextAsync("an answer to garbage");
            case "a frame of no known type":
                await wire.SendAsync(isJson
                    ? Encoding.UTF8.GetBytes("{\"type\":99}\u001e")
                    : WireSocket.Framed([0x91, 99]));
                return null;
            case "an unknown method":
                return await wire.AskAsync("GetEverything", nothing);
            case "no argument":
                return await wire.AskAsync(HubMethods.GetConversations);
            case "two arguments":
                return await wire.AskAsync(HubMethods.GetConversations, nothing, nothing);
            case "an argument that is no object":
                return await wire.AskAsync(HubMethods.GetConversations, new Value.Words("everything"));
            case "deeper than JSON may be":
                var deep = Enumerable.Range(0, 70).Aggregate((Value)nothing, (inner, _) => new Value.Items([inner]));
                return await wire.AskAsync(HubMethods.GetConversations, new Value.Fields([("later", deep)]));
            default:
                throw new ArgumentOutOfRangeException(nameof(what), what, null);
        }
    }

    private static async Task AssertUsableAsync(WireSocket wire)
    {
        var answer = await wire.AskAsync(HubMethods.GetConversations, new Value.Fields([]));
        Assert.True(answer?.Result is not null, $"{answer?.Type} {answer?.Error}");
    }
}

/// <summary>A standalone gateway for those who come from outside and behave badly.</summary>
public sealed class OutsideGateway : IAsyncLifetime
{
    private StandaloneGateway? _gateway;

    internal StandaloneGateway Gateway => _gateway ?? throw new InvalidOperationException("It is not started.");

    internal Town Enter(ITestOutputHelper output) =>
        new(() => [Gateway.Address], Gateway.Process.Report, output);

    public async Task InitializeAsync() => _gateway = await StandaloneGateway.StartAsync(environment: new
        Dictionary<string, string>(Town.CheapPasswords));

    public async Task DisposeAsync()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
    }
}
