using Chat.Gateway.Conversations;
using Chat.Gateway.Delivery;
using Chat.Gateway.Groups;
using Chat.Gateway.Receipts;
using Chat.Groups;
using Chat.Refusals;
using Chat.Storage;
using Chat.Tests.Delivery;
using Chat.Tests.Harness;
using Chat.Tests.Wire;
using Xunit;

namespace Chat.Tests.Groups;

/// <summary>Where something was changed the answer is not <c>busy</c>, which denies it.</summary>
public sealed class LeavingInDoubt
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
}
