namespace Chat.Tests.Harness;

/// <summary>What a test heard (pushes, lines of output), in order; each addition wakes who waits.</summary>
/// <remarks>Bounded: past <c>capacity</c> the oldest is forgotten, and <see cref="Forgotten"/> counts it.</remarks>
internal class Observed<T>(int capacity = 100_000)
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _items = new();
    private TaskCompletionSource _changed = NewSignal();

    internal long Forgotten { get; private set; }

    internal int Count
    {
        get { lock (_gate) return _items.Count; }
    }

    internal void Record(T item)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _items.Enqueue(item);
            if (_items.Count > capacity)
            {
                _items.Dequeue();
                Forgotten++;
            }

            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    internal IReadOnlyList<T> Snapshot()
    {
        lock (_gate) return [.. _items];
    }

    /// <summary>Returns as soon as what was heard so far satisfies <paramref name="holds"/>.</summary>
    internal async Task<IReadOnlyList<T>> UntilAsync(
        string what, Func<IReadOnlyList<T>, bool> holds, TimeSpan? within = null)
    {
        var patience = within ?? Eventually.Patience;
        using var deadline = new CancellationTokenSource(patience);
        while (true)
        {
            Task changed;
            IReadOnlyList<T> heard;
            lock (_gate)
            {
                changed = _changed.Task;
                heard = [.. _items];
            }

            if (holds(heard)) return heard;
            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested)
            {
                throw Eventually.TimedOut(what, patience, Describe(heard));
            }
        }
    }

    private static string Describe(IReadOnlyList<T> heard) =>
        $"{heard.Count} in all, the last of them:{Environment.NewLine}"
        + string.Join(Environment.NewLine, heard.TakeLast(20).Select(item => $"  {item}"));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The last lines that a process wrote.</summary>
internal sealed class RecentLines() : Observed<string>(LinesMax)
{
    private const int LinesMax = 500;
    private const int LineCharactersMax = 16_000;

    /// <summary>Each line, whole, as it comes: for who looks for something in all that is ever written.</summary>
    internal event Action<string>? Wrote;

    /// <summary>Reads to the end of <paramref name="reader"/>, that is until the writer is gone.</summary>
    internal async Task CollectAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            Wrote?.Invoke(line);
            Record(line.Length <= LineCharactersMax ? line : line[..LineCharactersMax] + "…");
        }
    }

    /// <summary>The last <paramref name="count"/> lines as one text, for messages of failure.</summary>
    internal string Tail(int count = 60) => string.Join(Environment.NewLine, Snapshot().TakeLast(count));
}
