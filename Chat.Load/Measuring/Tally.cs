using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Chat.Load.Measuring;

/// <summary>Counts by name, added to from any thread. The names are the program's own, so there are few.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<string, StrongBox<long>> _counts = new(StringComparer.Ordinal);

    public long this[string what] =>
        _counts.TryGetValue(what, out var count) ? Interlocked.Read(ref count.Value) : 0;

    public void Add(string what) =>
        Interlocked.Increment(ref _counts.GetOrAdd(what, static _ => new StrongBox<long>()).Value);

    public IReadOnlyDictionary<string, long> Read() =>
        _counts.ToDictionary(count => count.Key, count => Interlocked.Read(ref count.Value.Value));

    /// <summary>What was added since <paramref name="before"/>; names that nothing was added to are left out.</summary>
    public IReadOnlyDictionary<string, long> Since(IReadOnlyDictionary<string, long> before) =>
        new SortedDictionary<string, long>(
            Read().Select(now => KeyValuePair.Create(now.Key, now.Value - before.GetValueOrDefault(now.Key)))
                .Where(change => change.Value != 0)
                .ToDictionary(StringComparer.Ordinal),
            StringComparer.Ordinal);
}
