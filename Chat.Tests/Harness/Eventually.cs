using System.Diagnostics;
using System.Globalization;

namespace Chat.Tests.Harness;

/// <summary>Waits for what must become true; on time-out says what was awaited and what was seen last.</summary>
internal static class Eventually
{
    /// <summary>Long enough for two busy cores; a passing test never spends it.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>Polls <paramref name="condition"/> until it holds.</summary>
    internal static Task HoldsAsync(
        string what, Func<Task<bool>> condition, Func<string>? saw = null, TimeSpan? within = null) =>
        PollAsync(what, condition, holds => holds, holds => saw?.Invoke() ?? $"{holds}", within);

    /// <summary>Polls <paramref name="condition"/> until it holds.</summary>
    internal static Task HoldsAsync(
        string what, Func<bool> condition, Func<string>? saw = null, TimeSpan? within = null) =>
        HoldsAsync(what, () => Task.FromResult(condition()), saw, within);

    /// <summary>Polls <paramref name="probe"/> until it yields an accepted value, and returns it.</summary>
    internal static Task<T> YieldsAsync<T>(
        string what, Func<Task<T>> probe, Func<T, bool> accept, TimeSpan? within = null) =>
        PollAsync(what, probe, accept, value => $"{value}", within);

    /// <summary>Awaits a signal.</summary>
    internal static async Task<T> CompletesAsync<T>(
        string what, Task<T> signal, Func<string>? saw = null, TimeSpan? within = null)
    {
        await CompletesAsync(what, (Task)signal, saw, within);
        return await signal;
    }

    /// <summary>Awaits a signal.</summary>
    internal static async Task CompletesAsync(
        string what, Task signal, Func<string>? saw = null, TimeSpan? within = null)
    {
        var patience = within ?? Patience;
        using var passed = new CancellationTokenSource();
        var first = await Task.WhenAny(signal, Task.Delay(patience, passed.Token));
        await passed.CancelAsync();
        if (first != signal) throw TimedOut(what, patience, saw?.Invoke() ?? "no signal");
        await signal;
    }

    internal static TimeoutException TimedOut(string what, TimeSpan patience, string saw) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"Awaited {what} for {patience.TotalSeconds:0.###} s; last saw: {saw}"));

    private static async Task<T> PollAsync<T>(
        string what, Func<Task<T>> probe, Func<T, bool> accept, Func<T, string> describe, TimeSpan? within)
    {
        var patience = within ?? Patience;
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            string saw;
            try
            {
                // A probe that hangs (a frozen server) must not outlive the deadline.
                var left = patience - Stopwatch.GetElapsedTime(begun);
                var value = await probe().WaitAsync(left > PollInterval ? left : PollInterval);
                if (accept(value)) return value;
                saw = describe(value);
            }
            catch (Exception fault)
            {
                // What is awaited often fails until it works; the last fault is what the time-out reports.
                saw = $"{fault.GetType().Name}: {fault.Message}";
            }

            if (Stopwatch.GetElapsedTime(begun) >= patience) throw TimedOut(what, patience, saw);
            await Task.Delay(PollInterval);
        }
    }
}
