namespace Chat.Client;

public sealed partial class ChatConnection
{
    /// <summary>
    /// Watches users; changes come as <see cref="PresenceChanged"/>. Watched again after each connect. At most
    /// <see cref="Limits.WatchedUsers"/> in all: beyond that nothing is watched (<c>invalid</c>).
    /// </summary>
    /// <returns>The present state of each.</returns>
    public Task<IReadOnlyList<Presence>> WatchAsync(
        IReadOnlyList<string> userIds, CancellationToken cancellation = default) =>
        _watches.WatchAsync(userIds, cancellation);

    /// <summary>Ends watching users.</summary>
    public Task UnwatchAsync(IReadOnlyList<string> userIds, CancellationToken cancellation = default) =>
        _watches.UnwatchAsync(userIds, cancellation);

    /// <summary>
    /// The user touched the app: moves <i>last seen</i>. Call it with every touch: the server is told at most once in
    /// <see cref="ChatConnectionOptions.ActivityApart"/>, and at once after a reconnect; other calls do nothing.
    /// </summary>
    public Task ReportActivityAsync(CancellationToken cancellation = default) =>
        _activity.ReportAsync(cancellation);

    /// <summary>
    /// Says that the user began or ended typing; ends by itself after 6 s. Errors: <c>not_a_member</c>.
    /// </summary>
    public Task SetTypingAsync(string conversationId, bool typing, CancellationToken cancellation = default) =>
        CallAsync<Nothing>(
            HubMethods.SetTyping,
            new TypingRequest { ConversationId = conversationId, Typing = typing },
            cancellation);
}
