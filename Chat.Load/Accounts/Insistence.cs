using System.Diagnostics;
using Chat.Client;

namespace Chat.Load.Accounts;

/// <summary>Calls that are made again while the server only refuses them for now.</summary>
internal static class Insistence
{
    /// <summary>Longer than a client's back-off and a restart of its server together.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks until it holds, once at least.</summary>
    /// <param name="begun">Since when the wait counts, where several share it.</param>
    /// <param name="within">At most so long; else <see cref="Patience"/>.</param>
    /// <returns>Whether it came to hold.</returns>
    public static async Task<bool> HoldsAsync(
        Func<Task<bool>> holds, CancellationToken stop, long? begun = null, TimeSpan? within = null)
    {
        for (var from = begun ?? Stopwatch.GetTimestamp(); ; await Task.Delay(Look, stop))
        {
            if (await holds()) return true;
            if (Stopwatch.GetElapsedTime(from) >= (within ?? Patience)) return false;
        }
    }

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, CancellationToken, long?, TimeSpan?)"/>
    public static Task<bool> HoldsAsync(Func<bool> holds, CancellationToken stop, TimeSpan? within = null) =>
        HoldsAsync(() => Task.FromResult(holds()), stop, within: within);

    /// <param name="call">
    /// Fit for being made twice: the outcome of the first time may be unknown. A send keeps its client message id.
    /// </param>
    /// <param name="stop">Ends it.</param>
    /// <param name="refused">Told the code of each refusal that was not the last word.</param>
    public static async Task<T> AskAsync<T>(
        Func<Task<T>> call, CancellationToken stop, Action<string>? refused = null)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (ChatException e) when (e.Retryable && Stopwatch.GetElapsedTime(begun) < Patience)
            {
                refused?.Invoke(e.Code);
                await Task.Delay(e.RetryAfter ?? Pause, stop).ConfigureAwait(false);
            }
        }
    }
}
