using Chat.Load.Commands;

namespace Chat.Load.Storm;

/// <summary>Options of <c>storm</c>.</summary>
internal sealed record StormOptions
{
    /// <summary>Far above what is sent: the whole cluster is to be overloaded, not one user's allowance.</summary>
    private const string SendsUnlimited = "1000000";

    /// <summary>What is offered stays within what one loop can pace.</summary>
    private const int StormRateMax = 500_000;

    public required int Pairs { get; init; }

    /// <summary>Messages a second that the servers keep up with; null: half of what a closed loop reaches.</summary>
    public required int? Rate { get; init; }

    /// <summary>The storm offers so many times the sustainable rate.</summary>
    public required int Times { get; init; }

    /// <summary>Messages that a client keeps unanswered; what comes on top is not offered, and counted.</summary>
    public required int Outstanding { get; init; }

    /// <summary>Users that each user watches, his partner among them; 0: no presence.</summary>
    public required int Watched { get; init; }

    public required int TextBytes { get; init; }

    public required TimeSpan Calibrate { get; init; }

    public required TimeSpan Before { get; init; }

    public required TimeSpan Duration { get; init; }

    public required TimeSpan After { get; init; }

    /// <summary>What servers started for it are set to.</summary>
    public static IReadOnlyDictionary<string, string> ServerSettings { get; } = new Dictionary<string, string>
    {
        ["Chat__Limits__SendsPerSecond"] = SendsUnlimited,
        ["Chat__Limits__SendBurst"] = SendsUnlimited,
    };

    public static StormOptions Read(Arguments arguments)
    {
        var users = arguments.Number("users", 400, 2, 10_000);
        if (users % 2 != 0) throw new UsageException("--users are pairs: an even number.");
        var options = new StormOptions
        {
            Pairs = users / 2,
            Rate = arguments.Has("rate") ? arguments.Number("rate", 0, 1, 50_000) : null,
            Times = arguments.Number("times", 10, 1, 100),
            Outstanding = arguments.Number("outstanding", 20, 1, 256),
            Watched = arguments.Number("watched", Math.Min(5, users - 1), 0, Math.Min(100, users - 1)),
            TextBytes = arguments.Number("text-bytes", 100, 1, 16_384),
            Calibrate = arguments.Seconds("calibrate", 10, 1, 60),
            Before = arguments.Seconds("before", 10, 1, 120),
            Duration = arguments.Seconds("duration", 60, 1, 300),
            After = arguments.Seconds("after", 30, 1, 300),
        };
        return options.Rate * options.Times > StormRateMax
            ? throw new UsageException($"--rate times --times is at most {StormRateMax} a second.")
            : options;
    }
}
