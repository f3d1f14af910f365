using System.Reflection;
using Chat.Conversations;
using Chat.Ids;
using Chat.Overload;
using Chat.Presence;
using Chat.Receipts;
using Chat.Storage;
using Chat.Tests.Delivery;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Xunit;

namespace Chat.Tests.Conversations;

/// <summary>Each opening of a conversation fences the one before, so two at once are one.</summary>
public sealed class OpeningOnce
{
    private readonly UserId[] _users = ScriptedCluster.Users(2);
    private readonly List<TaskCompletionSource<OpenedConversation?>> _openings = [];

    [Fact]
    public async Task Two_who_open_a_conversation_at_once_open_it_once()
    {
        var grain = Grain();

        var both = Task.WhenAll(
            grain.OpenDirect(_users[0], _users[1], origin: 0), grain.OpenDirect(_users[1], _users[0], origin: 0));
        var opening = Assert.Single(_openings);
        opening.SetResult(new OpenedConversation(Epoch: 1, LastSeq: 0, "direct", [], UnlistedFor: []));

        Assert.All(await both, answer => Assert.False(answer.IsRefused));
    }

    private ConversationGrain Grain()
    {
        var directs = new DirectIds();
        directs.TakeUp([]);
        var log = DispatchProxy.Create<IMessageLog, Log>();
        ((Log)log).Openings = _openings;
        var load = new LoadGauge(
            Options.Create(new OverloadOptions()), TimeProvider.System, NullLogger<LoadGauge>.Instance);
        var grain = new ConversationGrain(
            log, reads: null!, directs, lanes: null!, new ScriptedCluster().Fanout(), journal: null!, privacy: null!,
            new LocalConversations(), Options.Create(new ReceiptOptions()), Options.Create(new PresenceOptions()), load,
            Options.Create(new GrainCollectionOptions()), TimeProvider.System, NullLogger<ConversationGrain>.Instance);
        // As its activation would: its id, and no store yet knows it.
        var id = typeof(ConversationGrain).GetField("_id", BindingFlags.Instance | BindingFlags.NonPublic)!;
        id.SetValue(grain, directs.Of(_users[0], _users[1]));
        var context = typeof(Grain).GetField(
            "<GrainContext>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic)!;
        context.SetValue(grain, DispatchProxy.Create<IGrainContext, Context>());
        return grain;
    }

#pragma warning disable CA1852 // A proxy derives from them.
    public class Log : DispatchProxy
    {
        internal List<TaskCompletionSource<OpenedConversation?>> Openings { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            switch (targetMethod!.Name)
            {
                case nameof(IMessageLog.CreateDirectAsync):
                    return Task.FromResult(true);
                case nameof(IMessageLog.OpenAsync):
                    Openings.Add(new TaskCompletionSource<OpenedConversation?>());
                    return Openings[^1].Task;
                default:
                    throw new NotSupportedException(targetMethod.Name);
            }
        }
    }

    public class Context : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => null;
    }
#pragma warning restore CA1852
}
