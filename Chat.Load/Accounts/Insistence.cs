using System.Diagnostics;
using Chat.Client;

namespace Chat.Load.Accounts;

/// <summary>Calls that are made again while the server only refuses them for now.</summary>
internal static class Insistence
{
    /// <summary>Longer than a client's back-off and a restart of its server together.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

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
