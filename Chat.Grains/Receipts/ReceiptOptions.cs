namespace Chat.Receipts;

/// <summary>Tunables of receipts in the silo, <c>Chat__Receipts__Name</c>.</summary>
public sealed class ReceiptOptions
{
    public const string Section = "Chat:Receipts";

    /// <summary>
    /// How long watermarks are gathered before they are written: one row per member and second is what the contract's
    /// times need, and a crash costs a repeated mark.
    /// </summary>
    public TimeSpan FlushEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Marks that a member may have written at once before his are gathered; one comes back each second.
    /// </summary>
    public int PromptFlushes { get; set; } = 4;

    /// <summary>Members up to whom a group's receipts are pushed one by one; past it authors get counts.</summary>
    public int OneByOneMembersMax { get; set; } = 64;

    /// <summary>Members whose marks wait for the store; past that marks are refused as <c>busy</c>.</summary>
    public int WaitingMembersMax { get; set; } = 200_000;

    /// <summary>Steps of one write.</summary>
    public int BatchStepsMax { get; set; } = 512;
}
