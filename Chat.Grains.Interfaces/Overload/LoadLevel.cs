namespace Chat.Overload;

/// <summary>
/// What a process lets go of while its queues are long, in this order. Each level keeps what the ones below it do.
/// </summary>
public enum LoadLevel
{
    Normal,

    /// <summary>Commits and calls between silos wait longer for one another, so that each carries more.</summary>
    BatchesHarder,

    /// <summary>Nobody is told who is typing.</summary>
    DropsTyping,

    /// <summary>Who came and went is told and published in longer steps.</summary>
    SlowsPresence,

    /// <summary>Receipts are written and pushed over longer windows.</summary>
    SlowsReceipts,

    /// <summary>What only tidies up waits.</summary>
    PostponesCleanUp,

    /// <summary>A gateway takes as many sends as it gets answered in time; the rest are <c>busy</c>.</summary>
    RefusesSends,
}
