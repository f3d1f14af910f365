namespace Chat.Presence;

/// <summary>
/// Tunables of presence and typing, <c>Chat__Presence__Name</c>; the same in every process of a cluster.
/// </summary>
public sealed class PresenceOptions
{
    public const string Section = "Chat:Presence";

    /// <summary>Seconds after his last input for which somebody who is connected counts as online.</summary>
    public double OnlineSeconds { get; set; } = 60;

    public TimeSpan OnlineFor => TimeSpan.FromSeconds(OnlineSeconds);

    /// <summary>How long a dropped connection has to come back before anybody is told.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a gateway renews its watches and connections and takes a snapshot.</summary>
    public TimeSpan RenewEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a gateway's word holds; past it its users are offline. Longer than two renewals; at most 75 s.
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(70);

    /// <summary>How often a gateway publishes what its users did.</summary>
    public TimeSpan PublishEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long input of somebody who is online anyway waits in order to travel with others': so much, and
    /// <see cref="PublishEvery"/>, is a time last seen behind.
    /// </summary>
    public TimeSpan NoteApart { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a presence grain looks whose time has run out.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often times last seen are written; a killed silo loses no more than that.</summary>
    public TimeSpan WriteEvery { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Presence grains of the cluster, each with a share of the users. A change needs a restart.</summary>
    public int Shards { get; set; } = 16;

    /// <summary>Off, activity travels with the renewals alone: what is left when the stream is stalled.</summary>
    public bool PublishesActivity { get; set; } = true;

    /// <summary>One typist's changes are pushed at least so far apart.</summary>
    public TimeSpan TypingApart { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>A typing state that is not renewed ends by itself.</summary>
    public TimeSpan TypingEnds { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Where <see cref="OnlineSeconds"/> is short, input is published sooner, and looked at more often: told later than
    /// it holds, somebody who goes on would come and go.
    /// </summary>
    public void FollowOnlineSeconds()
    {
        var soon = OnlineFor / 8;
        PublishEvery = Shorter(PublishEvery, soon);
        NoteApart = Shorter(NoteApart, soon);
        LookEvery = Shorter(LookEvery, soon);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
