namespace Chat.Client;

public sealed partial class ChatConnection
{
    /// <summary>Changes the caller's privacy; absent settings stay. Reciprocal.</summary>
    /// <returns>The settings as they are now.</returns>
    public Task<Privacy> SetPrivacyAsync(Privacy privacy, CancellationToken cancellation = default) =>
        CallAsync<Privacy>(HubMethods.SetPrivacy, privacy, cancellation);

    /// <summary>
    /// Blocks somebody: the direct conversation refuses sends, presence and receipts are hidden both ways.
    /// </summary>
    public Task BlockAsync(string userId, CancellationToken cancellation = default) =>
        CallAsync<Nothing>(HubMethods.Block, new UserRequest { UserId = userId }, cancellation);

    /// <summary>Ends a block.</summary>
    public Task UnblockAsync(string userId, CancellationToken cancellation = default) =>
        CallAsync<Nothing>(HubMethods.Unblock, new UserRequest { UserId = userId }, cancellation);
}
