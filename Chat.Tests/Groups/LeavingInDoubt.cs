using Chat.Client;
using Chat.Conversations;
using Chat.Gateway.Conversations;
using Chat.Gateway.Delivery;
using Chat.Gateway.Groups;
using Chat.Gateway.Receipts;
using Chat.Groups;
using Chat.Refusals;
using Chat.Storage;
using Chat.Tests.Delivery;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Chat.Tests.Wire;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Groups;

/// <summary>Where something was changed the answer is not <c>busy</c>, which denies it.</summary>
[Collection(ProcessTests.Collection)]
public sealed class LeavingInDoubt(ITestOutputHelper output)
{
    [Fact]
    public async Task A_group_that_was_made_and_can_not_be_read_is_not_denied()
    {
        var group = Played.By<IGroupGrain>((_, _) => Task.FromResult<Refusal?>(null));
        var calls = new ConversationCalls(null!, null!, null!, null!);
        using var receipts = new ReceiptOutbox(calls, TimeProvider.System);
        var groups = new GroupCalls(
            Played.By<IGrainFactory>((_, _) => group),
            Played.By<IAccountStore>((_, _) => Task.FromResult(true)),
            Played.By<IConversationReader>(
                (_, _) => Task.FromException<Chat.Conversations.Conversation?>(new StoreBusyException())),
            receipts);
        var phone = new ClientConnection(null!, ScriptedCluster.Users(1)[0], key: 1, queuedPushesMax: 1);
        var request = Frames.Bind<Gateway.Wire.CreateGroupRequest>("""{"title":"t","memberIds":[]}""").First();

        var answer = await groups.CreateAsync(phone, request);

        Assert.Equal(Refusal.Unavailable, answer.Refusal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_update_of_two_settings_that_is_half_done_is_not_denied(bool isThrown)
    {
        var lane = new Lane { IsThrowing = isThrown };
        await using var gateway = await HostedGateway.StartAsync(
            Town.CheapPasswords, services => services.AddSingleton<IIncomingGrainCallFilter>(lane));
        await using var town = new Town(() => [gateway.Address], () => "", output);
        var circle = await Circle.FormAsync(town, founders: 2, ["alice", "bob"]);
        var update = new UpdateGroupRequest { ConversationId = circle.Chat, Title = "new", OnlyAdminsSend = true };

        await Circle.RefusesAsync("busy", () => circle.Owner.Chat.UpdateGroupAsync(update));
        lane.Room = 1;
        await Circle.RefusesAsync("unavailable", () => circle.Owner.Chat.UpdateGroupAsync(update));

        Assert.Equal(["1 created", "2 titleChanged"], await circle.LogAsync(circle.Owner));
    }

    /// <summary>Takes so many changes of groups, and is full then.</summary>
    private sealed class Lane : IIncomingGrainCallFilter
    {
        private int _room;

        internal int Room { set => Volatile.Write(ref _room, value); }

        internal bool IsThrowing { get; init; }

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.MethodName != nameof(IConversationGrain.RecordChange)
                || Interlocked.Decrement(ref _room) >= 0) return context.Invoke();
            if (IsThrowing) throw new StoreBusyException();
            context.Result = (Answer<bool>)Refusal.Busy(TimeSpan.FromMilliseconds(1));
            return Task.CompletedTask;
        }
    }
}
