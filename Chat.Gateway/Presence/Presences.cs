using Chat.Gateway.Delivery;
using Chat.Gateway.Wire;
using Chat.Ids;
using Chat.Overload;
using Chat.Refusals;

namespace Chat.Gateway.Presence;

/// <summary>What hub and REST tell presence: who comes and goes, what is input, who watches and types.</summary>
internal sealed class Presences(Watches watches, ActivityOutbox activity, IGrainFactory grains, LoadGauge load)
{
    public void Come(ClientConnection connection)
    {
        connection.IsPresent = true;
        activity.Came(connection.User);
    }

    public void Leave(ClientConnection connection)
    {
        watches.Leave(connection);
        if (connection.IsPresent) activity.Left(connection.User);
    }

    public EmptyAnswer ReportActivity(ClientConnection connection)
    {
        activity.Input(connection.User);
        return EmptyAnswer.Instance;
    }

    /// <summary>What was answered came by the user's own hand, unless it was refused.</summary>
    public Answer<T> AfterInput<T>(UserId user, Answer<T> answer)
    {
        if (!answer.IsRefused) activity.Input(user);
        return answer;
    }

    public Task<Answer<PresenceList>> WatchAsync(ClientConnection connection, WatchRequest request) =>
        watches.WatchAsync(connection, request);

    public EmptyAnswer Unwatch(ClientConnection connection, UnwatchRequest request)
    {
        watches.Unwatch(connection, request.Users);
        return EmptyAnswer.Instance;
    }

    public async Task<Answer<EmptyAnswer>> SetTypingAsync(ClientConnection connection, TypingRequest request)
    {
        if (load.Level >= LoadLevel.DropsTyping)
        {
            OverloadMetrics.TypingDropped();
            return EmptyAnswer.Instance;
        }

        var conversation = grains.GetConversation(request.ConversationId);
        return await conversation.SetTyping(connection.User, request.Typing) is { } refusal
            ? refusal
            : EmptyAnswer.Instance;
    }
}
