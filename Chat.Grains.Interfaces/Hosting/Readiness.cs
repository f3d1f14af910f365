using Chat.Storage;
using Microsoft.Extensions.Hosting;

namespace Chat.Hosting;

/// <summary>
/// Whether this process should be sent work: it has started, is not going away, and its store answers.
/// </summary>
public sealed class Readiness(
    IStoreSetup store, ISiloStatusOracle silo, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(2);

    /// <summary>A load balancer asks often, and anybody may ask: the store is asked once in that time.</summary>
    private static readonly TimeSpan StoreAnswerLifetime = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private volatile bool _isDraining;
    private Task<bool>? _answer;
    private long _askedAt;

    public bool IsDraining => _isDraining;

    /// <summary>From now on nobody new should come.</summary>
    public void BeginDraining() => _isDraining = true;

    /// <returns>Null: ready; otherwise why not.</returns>
    public async Task<string?> ExplainAsync(CancellationToken cancel)
    {
        if (_isDraining || lifetime.ApplicationStopping.IsCancellationRequested) return "draining";
        if (!lifetime.ApplicationStarted.IsCancellationRequested) return "starting";
        if (silo.CurrentStatus is not SiloStatus.Active) return "not in the cluster";
        return await AskStoreSeldom().WaitAsync(cancel) ? null : "the store does not answer";
    }

    private Task<bool> AskStoreSeldom()
    {
        lock (_gate)
        {
            var isFresh = _answer is not null
                && (!_answer.IsCompleted || time.GetElapsedTime(_askedAt) < StoreAnswerLifetime);
            if (isFresh) return _answer!;
            _askedAt = time.GetTimestamp();
            return _answer = AskStoreAsync();
        }
    }

    private async Task<bool> AskStoreAsync()
    {
        using var timeout = new CancellationTokenSource(StoreTimeout, time);
        try
        {
            return await store.IsReachableAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
