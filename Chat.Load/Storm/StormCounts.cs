namespace Chat.Load.Storm;

/// <summary>Names of what a storm counts; with a code behind them where they end in an underscore.</summary>
internal static class StormCounts
{
    public const string Offered = "offered";

    /// <summary>The client had too many unanswered, and kept it to itself.</summary>
    public const string NotOffered = "notOffered";

    public const string Accepted = "accepted";

    /// <summary>Unanswered for too long, and sent once more under its id.</summary>
    public const string Resent = "resent";

    /// <summary>Refused for now.</summary>
    public const string Refused = "refused_";

    /// <summary>Refused for good.</summary>
    public const string Failed = "failed_";

    public const string Delivered = "delivered";

    public const string ReceiptsPushed = "receiptsPushed";

    public const string TypingSent = "typingSent";

    public const string TypingPushed = "typingPushed";

    public const string ActivitySent = "activitySent";

    public const string PresencePushed = "presencePushed";

    /// <summary>Typing, activity and watching that were refused: nobody repeats them.</summary>
    public const string HintsRefused = "hintsRefused_";

    public const string Resyncs = "resyncs";

    public const string Reconnects = "reconnects";
}
