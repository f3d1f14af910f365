using System.Collections.Concurrent;
using System.Reflection;
using Chat.Client;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>Promise 7: nobody hears, reads or changes what is not his.</summary>
[Collection(PromiseTests.Collection)]
public sealed class Strangers(PromiseCluster house, ITestOutputHelper output)
{
    private const string Secret = "the-secret-that-is-nobody-elses-3fe1";

    // What a stranger may call with any argument, since it concerns only himself; the others are tried below.
    private static readonly string[] Harmless =
    [
        HubMethods.OpenDirect, HubMethods.GetConversations, HubMethods.Resume, HubMethods.Block, HubMethods.Unblock,
        HubMethods.CreateGroup, HubMethods.JoinByInvite, HubMethods.Watch, HubMethods.Unwatch,
        HubMethods.ReportActivity, HubMethods.SetPrivacy,
    ];

    [Fact]
    public async Task A_stranger_is_refused_on_every_method_and_changes_nothing()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob", "eve");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var eve = await people[2].OnAsync(town.Gateways[1]);
        var chat = await alice.OpenAsync(people[1]);
        await alice.InsistAsync(chat, Secret);
        var group = (await alice.Chat.CreateGroupAsync(
            new CreateGroupRequest { Title = Secret, MemberIds = [people[1].Id] })).ConversationId;
        var calls = Calls(chat, eve);

        foreach (var (method, argument) in calls.Concat(Calls(group, eve)))
            await RefusedAsync(eve, method, argument);
        await RefusedAsync(
            eve, HubMethods.JoinByInvite, new InviteRequest { Code = new string('A', 22) }, ErrorCodes.InviteNotFound);
        var rest = people[2].RestAt(town.Gateways[1]);
        await RefusedAsync("reading over REST", () => rest.GetMessagesAsync(chat));
        await RefusedAsync("sending over REST", () => rest.SendAsync(chat, "x", Content.OfText("x")));

        var resumed = await eve.Chat.InvokeRawAsync<ResumeAnswer>(HubMethods.Resume, new ResumeRequest
        {
            Conversations = [new HeldConversation { ConversationId = chat, Seq = 0 }],
        });
        Assert.Empty(resumed.Conversations);
        Assert.Empty(resumed.Messages);
        Assert.Empty((await eve.Chat.GetConversationsAsync()).Conversations);
        Assert.Empty((await rest.GetConversationsAsync()).Conversations);
        Assert.Equal([Secret], (await alice.ReadAllAsync(chat)).Select(m => m.Content.Text));
        Assert.Equal(["created"], (await alice.ReadAllAsync(group)).Select(m => m.Content.Event));
        Assert.Equal(
            people.Take(2).Select(person => person.Id).Order(),
            (await alice.Chat.GetMembersAsync(group)).Members.Select(member => member.UserId).Order());

        // A method that is added to the hub has to be added here.
        var hub = typeof(global::Chat.Gateway.Conversations.ChatHub)
            .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => !method.IsVirtual)
            .Select(method => method.Name);
        Assert.Equal(calls.Select(call => call.Method).Concat(Harmless).Distinct().Order(), hub.Order());
    }

    [Fact]
    public async Task A_stranger_who_knows_two_people_can_not_ask_whether_they_talk()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob", "carol", "eve");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var eve = await people[3].OnAsync(town.Gateways[1]);
        await alice.InsistAsync(await alice.OpenAsync(people[1]), Secret);

        foreach (var guess in new[] { people[0].GuessedChatWith(people[1]), people[0].GuessedChatWith(people[2]) })
            foreach (var (method, argument) in Calls(guess, eve))
                await RefusedAsync(eve, method, argument, ErrorCodes.ConversationNotFound);
    }

    [Fact]
    public async Task A_stranger_hears_nothing()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob", "eve");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var bob = await people[1].OnAsync(town.Gateways[1]);
        var eves = new[] { await people[2].OnAsync(town.Gateways[0]), await people[2].OnAsync(town.Gateways[1]) };
        var (chat, other) = (await alice.OpenAsync(people[1]), await alice.OpenAsync(people[2]));
        await alice.InsistAsync(other, "for eve");

        await alice.InsistAsync(chat, Secret);
        await bob.HearsAsync(Secret);
        await bob.Chat.MarkReadAsync(chat, 1);
        await alice.Receipts.UntilAsync("Bob's receipt", heard => heard.Count > 0);

        foreach (var eve in eves)
        {
            await alice.InsistAsync(other, $"to {eve}");
            await eve.HearsAsync($"to {eve}");
            Assert.All(eve.Heard.Snapshot(), entry => Assert.Equal(other, entry.Message.ConversationId));
            Assert.All(eve.Changes.Snapshot(), changed => Assert.Equal(other, changed.ConversationId));
            Assert.Empty(eve.Receipts.Snapshot());
        }
    }

    [Fact]
    public async Task Nothing_that_somebody_wrote_is_logged()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var chat = await alice.OpenAsync(people[1]);
        var members = house.Cluster.Silos.Concat(house.Cluster.Gateways).ToArray();
        var told = new ConcurrentQueue<string>();
        foreach (var member in members)
        {
            member.Output.Wrote += line =>
            {
                if (line.Contains(Secret, StringComparison.OrdinalIgnoreCase)) told.Enqueue(line);
            };
        }

        await alice.InsistAsync(chat, Secret, $"id {Secret}");
        await alice.InsistAsync(chat, Content.OfEdit(1, $"edited {Secret}"));
        await Assert.ThrowsAsync<ChatException>(() => alice.SendOnceAsync(Secret, Secret));
        await Assert.ThrowsAsync<ChatException>(() => alice.SendOnceAsync(chat, Secret, Secret + "\n"));
        await Assert.ThrowsAsync<ChatException>(() => alice.InsistAsync(chat, new string('x', 70_000) + Secret));
        await Assert.ThrowsAsync<ChatException>(
            () => alice.Chat.SendAsync(chat, new Content { Kind = Secret, Text = Secret }));
        await Assert.ThrowsAsync<ChatException>(
            () => people[0].RestAt(town.Gateways[0]).SendAsync(chat, Secret, new Content { Kind = Secret }));
        await alice.InsistAsync(chat, Content.OfReaction(1, "👀" + Secret));
        var code = await WriteAboutGroupsAsync(alice, people[1]);
        await SignUpAsync(town);

        foreach (var member in members)
        {
            Assert.Empty(told);
            Assert.DoesNotContain(code, member.Output.Tail(500), StringComparison.Ordinal);
            var metrics = await Town.HttpAt(member.Address).GetStringAsync("metrics");
            Assert.DoesNotContain(Secret, metrics, StringComparison.Ordinal);
            Assert.DoesNotContain(chat, metrics, StringComparison.Ordinal);
            Assert.DoesNotContain(people[0].Id, metrics, StringComparison.Ordinal);
        }
    }

    /// <returns>The code of an invite: the server made it, and it is nobody else's either.</returns>
    private static async Task<string> WriteAboutGroupsAsync(Device alice, Person bob)
    {
        var group = (await alice.Chat.CreateGroupAsync(
            new CreateGroupRequest { Title = Secret, MemberIds = [bob.Id] })).ConversationId;
        await alice.Chat.UpdateGroupAsync(
            new UpdateGroupRequest { ConversationId = group, Title = $"new {Secret}", Description = $"new {Secret}" });
        await Assert.ThrowsAsync<ChatException>(() => alice.Chat.UpdateGroupAsync(
            new UpdateGroupRequest { ConversationId = group, HistoryVisibility = Secret }));
        await Assert.ThrowsAsync<ChatException>(() => alice.Chat.JoinByInviteAsync(Secret));
        return (await alice.Chat.CreateInviteAsync(group)).Code;
    }

    private static async Task SignUpAsync(Town town)
    {
        var rest = new ChatRest(Town.HttpAt(town.Gateways[1]));
        var username = $"dave.{Guid.NewGuid():N}";
        await rest.CreateAccountAsync(username, Secret, Secret);
        await rest.CreateTokenAsync(username, Secret);
        await Assert.ThrowsAsync<ChatException>(() => rest.CreateTokenAsync(username, "not " + Secret));
        await Assert.ThrowsAsync<ChatException>(() => rest.CreateAccountAsync(username, Secret, Secret));
        await Assert.ThrowsAsync<ChatException>(() => rest.CreateAccountAsync($"{Secret} {Secret}", Secret, Secret));
    }

    private static (string Method, object Argument)[] Calls(string chat, Device stranger)
    {
        SendRequest Send(Content content) =>
            new() { ConversationId = chat, ClientMessageId = Guid.NewGuid().ToString(), Content = content };
        var himself = new MemberRequest { ConversationId = chat, UserId = stranger.Owner.Id, Role = Roles.Owner };
        var place = new PlaceRequest { ConversationId = chat, Seq = 1 };
        return
        [
            (HubMethods.Send, Send(Content.OfText("may I?"))),
            (HubMethods.Send, Send(Content.OfEdit(1, "changed"))),
            (HubMethods.Send, Send(Content.OfDelete(1))),
            (HubMethods.Send, Send(Content.OfReaction(1, "👀"))),
            (HubMethods.MarkDelivered, place),
            (HubMethods.MarkRead, place),
            (HubMethods.GetReceipts, place),
            (HubMethods.GetMembers, new PageRequest { ConversationId = chat }),
            (HubMethods.GetHistory, new HistoryRequest { ConversationId = chat }),
            (HubMethods.AddMembers, new AddMembersRequest { ConversationId = chat, UserIds = [himself.UserId] }),
            (HubMethods.RemoveMember, himself),
            (HubMethods.Leave, new ConversationRequest { ConversationId = chat }),
            (HubMethods.SetRole, himself),
            (HubMethods.UpdateGroup, new UpdateGroupRequest { ConversationId = chat, Title = "mine" }),
            (HubMethods.CreateInvite, new CreateInviteRequest { ConversationId = chat }),
            (HubMethods.RevokeInvite,
                new InviteRequest { ConversationId = chat, Code = new string('A', 22) }),
            (HubMethods.SetMuted, new SetMutedRequest { ConversationId = chat, ForSeconds = 60 }),
            (HubMethods.SetTyping, new TypingRequest { ConversationId = chat, Typing = true }),
        ];
    }

    private static Task RefusedAsync(
        Device device, string method, object argument, string code = ErrorCodes.NotAMember) =>
        RefusedAsync(method, () => device.Chat.InvokeRawAsync<Nothing>(method, argument), code);

    private static async Task RefusedAsync(string what, Func<Task> call, string code = ErrorCodes.NotAMember)
    {
        var refusal = await Record.ExceptionAsync(call);
        Assert.True(
            refusal is ChatException { Retryable: false } refused && refused.Code == code,
            $"{what}: awaited {code} and saw {refusal?.Message ?? "an answer"}.");
    }
}
