using System.Globalization;
using Chat.Load.Commands;

namespace Chat.Load.Groups;

/// <summary>Options of <c>group</c>.</summary>
internal sealed record GroupOptions
{
    /// <summary>Far above what is sent: a user's rate is not what is measured.</summary>
    private const string SendsUnlimited = "100000";

    private const int LimitDefault = 1_024;

    public required int Members { get; init; }

    /// <summary>Members with a device; the others never connect.</summary>
    public required int Online { get; init; }

    /// <summary>Members online who post.</summary>
    public required int Senders { get; init; }

    /// <summary>
    /// Posts a second over all senders; null: each posts again once its last one has reached everybody.
    /// </summary>
    public required int? Rate { get; init; }

    /// <summary>Measures once more while everybody marks as read what he gets.</summary>
    public required bool WithReceipts { get; init; }

    /// <summary>Pairs that talk beside the group, paced; 0: none.</summary>
    public required int Pairs { get; init; }

    public required int TextBytes { get; init; }

    public required TimeSpan Warmup { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>What servers started for it are set to.</summary>
    public IReadOnlyDictionary<string, string> ServerSettings => new Dictionary<string, string>
    {
        ["Chat__Limits__GroupMembers"] = Math.Max(LimitDefault, Members).ToString(CultureInfo.InvariantCulture),
        ["Chat__Limits__SendsPerSecond"] = SendsUnlimited,
        ["Chat__Limits__SendBurst"] = SendsUnlimited,
    };

    public static GroupOptions Read(Arguments arguments)
    {
        var members = arguments.Number("members", 200, 2, 10_000);
        var online = arguments.Number("online", members, 2, members);
        return new GroupOptions
        {
            Members = members,
            Online = online,
            Senders = arguments.Number("senders", Math.Min(10, online), 1, Math.Min(1_000, online)),
            Rate = arguments.Has("rate") ? arguments.Number("rate", 0, 1, 100_000) : null,
            WithReceipts = arguments.Has("receipts"),
            Pairs = arguments.Has("beside-direct") ? arguments.Number("beside-direct", 0, 1, 1_000) : 0,
            TextBytes = arguments.Number("text-bytes", 100, 1, 16_384),
            Warmup = arguments.Seconds("warmup", 5, 0, 120),
            Duration = arguments.Seconds("duration", 15, 1, 600),
        };
    }
}
