namespace Chat.Gateway.Delivery;

/// <summary>The names of the contract's callbacks, in one place.</summary>
internal static class ServerCallbacks
{
    public const string MessageAppended = nameof(MessageAppended);
    public const string ReceiptAdvanced = nameof(ReceiptAdvanced);
    public const string ReceiptCounts = nameof(ReceiptCounts);
    public const string ConversationChanged = nameof(ConversationChanged);
    public const string PresenceChanged = nameof(PresenceChanged);
    public const string TypingChanged = nameof(TypingChanged);
    public const string ResyncRequired = nameof(ResyncRequired);
    public const string Draining = nameof(Draining);
}
