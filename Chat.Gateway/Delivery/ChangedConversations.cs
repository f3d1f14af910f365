using System.Threading.Channels;
using Chat.Ids;
using Chat.Storage;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Chat.Gateway.Delivery;

/// <summary>
/// Pushes <c>ConversationChanged</c>: reads the conversation as each of its users here sees it. The queue is bounded;
/// where it is full, or the store fails, the user's devices are told to resume instead.
/// </summary>
internal sealed partial class ChangedConversations(
    IConversationReader reader, ConnectionRegistry connections, ILogger<ChangedConversations> logger)
    : BackgroundService
{
    private const int QueuedMax = 8_192;
    private const int ReadsAtOnce = 16;

    private readonly Channel<Change> _queue = Channel.CreateBounded<Change>(QueuedMax);

    private readonly record struct Change(UserId User, ConversationId Conversation, long Except);

    public void Push(UserId user, ConversationId conversation, long except)
    {
        if (!_queue.Writer.TryWrite(new Change(user, conversation, except))) TellToResume(user);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce };
        try
        {
            await Parallel.ForEachAsync(
                _queue.Reader.ReadAllAsync(stoppingToken), atOnce, async (change, _) => await ReadAndPushAsync(change));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops; its devices resume elsewhere.
        }
    }

    private async Task ReadAndPushAsync(Change change)
    {
        try
        {
            if (await reader.GetAsync(change.User, change.Conversation, CancellationToken.None) is not { } conversation)
                return;
            var message = new SerializedHubMessage(
                new InvocationMessage(ServerCallbacks.ConversationChanged, [conversation]));
            foreach (var connection in connections.Of(change.User))
                if (connection.Key != change.Except) connection.Push(message);
        }
        catch (Exception e)
        {
            // The push is lost; a resume brings the conversation instead.
            LogReadFailed(change.Conversation, e);
            TellToResume(change.User);
        }
    }

    private void TellToResume(UserId user)
    {
        foreach (var connection in connections.Of(user)) connection.PushResync();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Conversation {Conversation} could not be read for a push")]
    private partial void LogReadFailed(ConversationId conversation, Exception exception);
}
