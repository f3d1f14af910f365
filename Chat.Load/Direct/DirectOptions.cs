using Chat.Load.Commands;

namespace Chat.Load.Direct;

/// <summary>Options of <c>direct</c>.</summary>
internal sealed record DirectOptions
{
    public required int Pairs { get; init; }

    /// <summary>Closed loop: messages of a pair under way at once.</summary>
    public required int Window { get; init; }

    /// <summary>Messages a second over all pairs; null: closed loop.</summary>
    public required int? Rate { get; init; }

    public required bool FindsMax { get; init; }

    public required int TextBytes { get; init; }

    public required TimeSpan Warmup { get; init; }

    public required TimeSpan Duration { get; init; }

    public static DirectOptions Read(Arguments arguments)
    {
        var users = arguments.Number("users", 1_000, 2, 10_000);
        if (users % 2 != 0) throw new UsageException("--users are pairs: an even number.");
        var options = new DirectOptions
        {
            Pairs = users / 2,
            Window = arguments.Number("window", 1, 1, 256),
            Rate = arguments.Has("rate") ? arguments.Number("rate", 0, 1, 100_000) : null,
            FindsMax = arguments.Has("find-max"),
            TextBytes = arguments.Number("text-bytes", 100, 1, 16_384),
            Warmup = arguments.Seconds("warmup", 5, 0, 120),
            Duration = arguments.Seconds("duration", 15, 1, 600),
        };
        var modes = new[] { arguments.Has("window"), options.Rate is not null, options.FindsMax };
        return modes.Count(given => given) <= 1
            ? options
            : throw new UsageException("One of --window, --rate and --find-max.");
    }
}
