using Chat.Client;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>Without its database the cluster refuses everything as unavailable and comes back by itself.</summary>
[Collection(PromiseTests.Collection)]
public sealed class StoreAway(PromiseCluster house, ITestOutputHelper output)
{
    [Fact]
    public async Task All_calls_are_refused_as_retryable_and_sockets_stay_open()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob", "carol");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var bob = await people[1].OnAsync(town.Gateways[1]);
        var active = await alice.OpenAsync(people[1]);
        await alice.InsistAsync(active, "before");
        var dormant = await alice.OpenAsync(people[2]);
        await using (var view = await ClusterView.OpenAsync(house.Cluster))
        {
            // Opened anew without a database: its activation fails, where the other one's commit does.
            var silo = (await view.SiloOfChatAsync(dormant))!;
            await silo.KillAsync();
            await Device.AskAsync(() => alice.SendOnceAsync(active, "still before", "settled"));
        }

        await house.Postgres.StopImmediateAsync();
        Func<Task>[] calls =
        [
            () => alice.SendOnceAsync(active, "away", "away"),
            () => alice.SendOnceAsync(dormant, "away", "away"),
            () => alice.Chat.MarkReadAsync(dormant, 1),
            () => alice.Chat.OpenDirectAsync(people[2].Id),
            () => alice.Chat.GetReceiptsAsync(active, 1),
            () => alice.Chat.GetHistoryAsync(active),
            () => alice.Chat.GetConversationsAsync(),
            () => alice.Chat.GetMembersAsync(active),
            () => alice.Chat.InvokeRawAsync<ResumeAnswer>(HubMethods.Resume, new ResumeRequest()),
            () => alice.Chat.BlockAsync(people[2].Id),
            () => people[0].RestAt(town.Gateways[1]).GetConversationsAsync(),
        ];
        var refusals = await Task.WhenAll(calls.Select(call => Record.ExceptionAsync(call)));
        await house.Postgres.StartAsync();

        for (var i = 0; i < refusals.Length; i++)
        {
            Assert.True(
                refusals[i] is ChatException { Code: ErrorCodes.Unavailable, Retryable: true },
                $"Call {i}: awaited unavailable and saw {refusals[i]?.ToString() ?? "an answer"}.");
        }

        await Device.AskAsync(() => alice.SendOnceAsync(active, "after"));
        await Device.AskAsync(() => alice.SendOnceAsync(dormant, "after"));
        await Device.AskAsync(() => alice.SendOnceAsync(active, "away", "away"));
        Assert.Equal((1, 1), (alice.Connects, bob.Connects));
        Assert.Single(await alice.ReadAllAsync(active), message => message.ClientMessageId == "away");
    }
}
