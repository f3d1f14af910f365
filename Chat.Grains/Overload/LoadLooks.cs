using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Chat.Overload;

/// <summary>
/// Has the gauge look at the queues. On a thread of its own: a pool that is too busy to run it is what it is to see.
/// </summary>
internal sealed class LoadLooks(LoadGauge gauge, PoolDelay pool, IOptions<OverloadOptions> options)
    : IHostedService, IDisposable
{
    private readonly ManualResetEventSlim _stopping = new();
    private Thread? _thread;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        gauge.Watch("thread pool", () => pool.Current);
        _thread = new Thread(Run) { IsBackground = true, Name = "load gauge" };
        _thread.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping.Set();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _stopping.Set();
        _thread?.Join();
        _stopping.Dispose();
    }

    private void Run()
    {
        while (!_stopping.Wait(options.Value.LookEvery))
        {
            gauge.Look();
            pool.Measure();
        }
    }
}
