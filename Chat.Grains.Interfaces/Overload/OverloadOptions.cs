namespace Chat.Overload;

/// <summary>Tunables of what gives way under load, <c>Chat__Overload__Name</c>.</summary>
public sealed class OverloadOptions
{
    public const string Section = "Chat:Overload";

    /// <summary>How often the queues are looked at. Three looks in a row raise the level.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Each so much time that the longest queue needs to drain is one level.</summary>
    public TimeSpan DrainPerLevel { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A queue shorter than that is no load, however slowly it moves.</summary>
    public int QueuedMin { get; set; } = 64;

    /// <summary>Calm for so long, the level falls by one.</summary>
    public TimeSpan FallAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How much longer batches wait for one another from <see cref="LoadLevel.BatchesHarder"/> on.</summary>
    public int BatchesApartTimes { get; set; } = 3;

    /// <summary>How much longer presence is gathered from <see cref="LoadLevel.SlowsPresence"/> on.</summary>
    public int PresenceApartTimes { get; set; } = 5;

    /// <summary>How much longer receipts are gathered from <see cref="LoadLevel.SlowsReceipts"/> on.</summary>
    public int ReceiptsApartTimes { get; set; } = 5;

    /// <summary>
    /// A send should be answered within this; while more than one in twenty are not, a gateway lets fewer in at once.
    /// The second holds while sends are refused.
    /// </summary>
    public TimeSpan SendsWithin { get; set; } = TimeSpan.FromSeconds(1.2);
    public TimeSpan SendsWithinRefusing { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// What the best pace of late answers in this is let in whatever happens: fewer would make nobody faster but the
    /// batches smaller, which makes a silo slower, and so the door would stay shut after the storm.
    /// </summary>
    public TimeSpan LetInAtLeast { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>So long after its first send a gateway is not judged: it is the JIT that makes it late.</summary>
    public TimeSpan WarmUp { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Sends that a gateway may have under way at one silo: so many at least, before anything is known, after a calm,
    /// and at most.
    /// </summary>
    public int SendsUnderWayMin { get; set; } = 64;
    public int SendsUnderWayFirst { get; set; } = 4_096;
    public int SendsUnderWayCalm { get; set; } = 1_024;
    public int SendsUnderWayMax { get; set; } = 16_384;

    /// <summary>
    /// Whoever is refused is told to come back after this, and as much later as those need who were refused before
    /// him; after the latter at most; give or take a half.
    /// </summary>
    public TimeSpan ComeBackAfter { get; set; } = TimeSpan.FromSeconds(1);
    public TimeSpan ComeBackMax { get; set; } = TimeSpan.FromSeconds(15);
}
