using System.Runtime.InteropServices;

namespace Chat.Gateway.Draining;

/// <summary>
/// Takes SIGTERM and SIGINT before the host does: drains first, and only then lets it stop. A second one does not wait.
/// </summary>
internal sealed class DrainBeforeStop(Drain drain, IHostApplicationLifetime lifetime) : IHostLifetime, IDisposable
{
    private readonly CancellationTokenSource _hurry = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private int _asked;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
            _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _hurry.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _asked) == 1) _ = DrainAndStopAsync();
        else _hurry.Cancel();
    }

    private async Task DrainAndStopAsync()
    {
        try
        {
            await drain.RunAsync(_hurry.Token);
        }
        catch (OperationCanceledException)
        {
            // Told twice: go now. Devices that were not told reconnect when their socket closes.
        }
        finally
        {
            lifetime.StopApplication();
        }
    }
}
