using System.Collections.Concurrent;
using System.Text.Json;
using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Chat.Tests.Wire;
using CsCheck;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Outside;

/// <summary>
/// Whatever a client sends over a real connection: it is carried out or refused with a code of the contract, a refused
/// call changed nothing, the connection goes on, and nothing of it comes out in the server's output.
/// </summary>
public sealed class FuzzingTheHub(ITestOutputHelper output)
{
    private const int CasesOfAMethod = 12;

    // `internal` and `unavailable` would be faults here: everything that the process needs is there.
    private static readonly string[] Codes =
    [
        "forbidden", "not_a_member", "user_not_found", "conversation_not_found", "message_not_found",
        "invite_not_found", "blocked", "group_full", "last_owner", "invalid", "content_too_large", "rate_limited",
        "busy",
    ];

    private readonly string _marker = "fuzz" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Every_method_answers_or_refuses_with_a_code_changes_nothing_where_it_refuses_and_logs_nothing()
    {
        await using var gateway = await StandaloneGateway.StartAsync(output, new Dictionary<string, string>(
            Town.CheapPasswords) { ["Chat__Receipts__FlushEvery"] = "00:00:00.02" });
        var told = new ConcurrentQueue<string>();
        gateway.Process.Output.Wrote += line =>
        {
            if (line.Contains(_marker, StringComparison.Ordinal)) told.Enqueue(line);
        };
        await using (var town = new Town(() => [gateway.Address], gateway.Process.Report, output))
        {
            var people = await town.WelcomeAsync("alice", "bob", "carol");
            var bob = await people[1].OnAsync(gateway.Address);
            var foreign = await bob.OpenAsync(people[2]);
            await bob.InsistAsync(foreign, "not hers");
            var before = await bob.ReadAllAsync(foreign);
            var shapes = new Shapes(await ChatsAsync(bob, people[0], foreign), [.. people.Select(p => p.Id)], _marker);

            await FuzzAsync(shapes, people[0], gateway.Address, HubEncoding.Json);
            await FuzzAsync(shapes, people[0], gateway.Address, HubEncoding.MessagePack);

            Assert.Equal(before.Select(m => m.MessageId), (await bob.ReadAllAsync(foreign)).Select(m => m.MessageId));
            var metrics = await Town.HttpAt(gateway.Address).GetStringAsync("metrics");
            Assert.DoesNotContain(_marker, metrics, StringComparison.Ordinal);
        }

        // What it wrote is whole once it ended.
        Assert.Equal(0, await gateway.Process.StopAsync());
        Assert.Empty(told);
    }

    /// <returns>A direct conversation, two groups (in one he is no more than a member), and one of others.</returns>
    private static async Task<string[]> ChatsAsync(Device bob, Person alice, string foreign)
    {
        var direct = await bob.OpenAsync(alice);
        for (var n = 1; n <= 5; n++) await bob.InsistAsync(direct, $"{n}");
        var group = await bob.Chat.CreateGroupAsync(new CreateGroupRequest { Title = "ours", MemberIds = [alice.Id] });
        var owned = await bob.Chat.CreateGroupAsync(new CreateGroupRequest { Title = "hers", MemberIds = [alice.Id] });
        await bob.Chat.SetRoleAsync(owned.ConversationId, alice.Id, Roles.Owner);
        await bob.InsistAsync(owned.ConversationId, "in the group");
        return [direct, group.ConversationId, owned.ConversationId, foreign];
    }

    private async Task FuzzAsync(Shapes shapes, Person caller, Uri gateway, HubEncoding encoding)
    {
        await using var wire = await WireSocket.ConnectAsync(caller, gateway, encoding);
        var (answered, refused) = (0, new ConcurrentDictionary<string, int>());
        var state = await StateAsync(wire);
        foreach (var method in shapes.Fields.Keys)
        {
            await shapes.ArgumentsOf(method).SampleAsync(async argument =>
            {
                var frame = await wire.AskAsync(method, argument);
                Assert.True(frame is { Type: WireFrame.Completion }, $"The connection ended: {frame?.Error}");
                if (frame!.Error is null)
                {
                    Assert.Equal(JsonValueKind.Object, frame.Result?.ValueKind);
                    answered++;
                    state = await StateAsync(wire);
                    return;
                }

                refused.AddOrUpdate(CodeOf(frame.Error), 1, (_, count) => count + 1);
                Assert.DoesNotContain(_marker, frame.Error, StringComparison.Ordinal);
                Assert.Equal(state, await StateAsync(wire));
            }, iter: CasesOfAMethod, threads: 1, print: argument => $"{encoding} {method} {argument.Json}");
        }

        output.WriteLine($"{encoding}: {answered} answered, {string.Join(", ", refused.OrderBy(one => one.Key))}");
        Assert.True(answered > 50, $"Only {answered} were answered.");
        Assert.True(refused.Count > 4, $"Only {string.Join(", ", refused.Keys)} was refused with.");
    }

    private static string CodeOf(string error)
    {
        var at = error.IndexOf('{');
        Assert.True(at >= 0, $"No refusal of the contract: {error}");
        var refusal = JsonElement.Parse(error[at..]);
        var code = refusal.GetProperty("code").GetString()!;
        Assert.True(Codes.Contains(code), $"Not a code for this: {error}");
        Assert.NotEmpty(refusal.GetProperty("message").GetString()!);
        Assert.Equal(code is "rate_limited" or "busy", refusal.GetProperty("retryable").GetBoolean());
        return code;
    }

    /// <summary>
    /// All that the caller can see: his conversations with their versions, watermarks and members, every entry, and his
    /// privacy. That it comes shows that the connection goes on.
    /// </summary>
    private static async Task<string> StateAsync(WireSocket wire)
    {
        var nothing = new Value.Fields([("conversations", new Value.Items([]))]);
        var all = await wire.AskAsync(HubMethods.Resume, nothing);
        var privacy = await wire.AskAsync(HubMethods.SetPrivacy, new Value.Fields([]));
        Assert.True(all?.Result is not null && privacy?.Result is not null, $"{all?.Error}{privacy?.Error}");
        return $"{all!.Result} {privacy!.Result}";
    }
}
