using Chat.Delivery;
using Chat.Gateway.Conversations;
using Chat.Gateway.Delivery;
using Chat.Ids;
using Microsoft.Extensions.Options;

namespace Chat.Gateway.Sessions;

/// <summary>
/// Keeps the users' grains told of this gateway's connections: at once when one comes or goes, again before its lease
/// runs out, and anew when the silo of a user's grain is gone.
/// <para><b>Invariant.</b> A connection is attached before its first call runs, so whatever is committed after a
/// <c>Resume</c> began is pushed to it. A grain that turns out not to know an attached connection may have lost pushes
/// to it: that connection is told to resume.</para>
/// </summary>
internal sealed partial class SessionLeases : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AttachPause = TimeSpan.FromMilliseconds(500);

    private readonly ConnectionRegistry _connections;
    private readonly SendBudgets _budgets;
    private readonly SiloDirectory _silos;
    private readonly IGrainFactory _grains;
    private readonly ConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _attaching;
    private readonly FaultTally<UserId> _failures = new();

    public SessionLeases(
        ConnectionRegistry connections, SendBudgets budgets, SiloDirectory silos, IGrainFactory grains,
        IOptions<ConnectionOptions> options, TimeProvider time, ILogger<SessionLeases> logger)
    {
        _connections = connections;
        _budgets = budgets;
        _silos = silos;
        _grains = grains;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _attaching = new SemaphoreSlim(_options.ParallelAttachMax);
        silos.SiloGone += AttachAnewThoseOf;
        ConnectionMetrics.Observe(() => connections.Count);
    }

    /// <summary>
    /// Attaches a new connection. A user's grain that can't be reached is tried again, longer than a dead silo needs to
    /// be noticed, so that its users come in here instead of reconnecting until then.
    /// </summary>
    /// <returns>False: it could not be reached, or the connection is gone.</returns>
    public async Task<bool> TryAttachAsync(ClientConnection connection, CancellationToken gone)
    {
        var started = _time.GetTimestamp();
        while (!gone.IsCancellationRequested)
        {
            connection.RenewAt = NextRenewal();
            try
            {
                await CallAttachAsync(connection);
                connection.IsAttached = true;
                return true;
            }
            catch (Exception e) when (GrainFaults.IsUnknownOutcome(e))
            {
                // Nothing is lost: no call of the connection has run, and none does before it is attached.
                _failures.Add(connection.User, e);
                if (_time.GetElapsedTime(started) >= _options.AttachWithin) return false;
            }

            await Task.Delay(AttachPause * (0.5 + Random.Shared.NextDouble()), _time, gone)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }

    /// <summary>
    /// Before a <c>Resume</c>: what was pushed to this connection may have been dropped on the way and not be durable
    /// yet, so it is to be pushed again. Throws where the user's grain can't be reached.
    /// </summary>
    public Task ReadsAnewAsync(ClientConnection connection) =>
        connection.WasPushedTo ? _grains.GetUser(connection.User).ReadsAnew() : Task.CompletedTask;

    /// <summary>Says good-bye; where that fails the lease ends by itself.</summary>
    public async Task DetachAsync(ClientConnection connection)
    {
        try
        {
            await _grains.GetUser(connection.User)
                .Detach(_silos.Local, connection.Key, _budgets.Of(connection.User).TakeUnreported());
        }
        catch (Exception e) when (GrainFaults.IsUnknownOutcome(e))
        {
            LogDetachFailed(connection.User, e);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (_failures.TryTake(out var count, out var latest)) LogAttachFailed(count, latest.Of, latest.Why);
                var now = _time.GetTimestamp();
                foreach (var connection in _connections.All)
                {
                    if (!connection.IsAttached || connection.RenewAt > now) continue;
                    await _attaching.WaitAsync(stoppingToken);
                    _ = RenewAsync(connection);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops, and its sockets with it.
        }
    }

    /// <summary>
    /// Due at once, spread over two seconds, so that a dead silo's users do not all arrive at one moment.
    /// </summary>
    private void AttachAnewThoseOf(SiloAddress silo)
    {
        var now = _time.GetTimestamp();
        foreach (var connection in _connections.All)
            if (silo.Equals(connection.Owner))
                connection.RenewAt = now + Random.Shared.NextInt64(2 * _time.TimestampFrequency);
    }

    private async Task RenewAsync(ClientConnection connection)
    {
        connection.RenewAt = NextRenewal();
        try
        {
            var isUnknown = await CallAttachAsync(connection);
            if (!isUnknown && !connection.MayLackPushes) return;
            connection.MayLackPushes = false;
            ConnectionMetrics.ToldToResume();
            connection.PushResync();
        }
        catch (Exception e)
        {
            // Until it succeeds this connection may miss pushes; it is told to resume as soon as it does, also where
            // the call that failed had attached it.
            connection.MayLackPushes = true;
            _failures.Add(connection.User, e);
            connection.RenewAt = _time.GetTimestamp() + _time.TimestampFrequency;
        }
        finally
        {
            _attaching.Release();
        }
    }

    /// <returns>True: the grain did not know the connection.</returns>
    private async Task<bool> CallAttachAsync(ClientConnection connection)
    {
        var budget = _budgets.Of(connection.User);
        var answer = await _grains.GetUser(connection.User)
            .Attach(_silos.Local, [connection.Key], budget.TakeUnreported());
        budget.Apply(answer.Allowance);
        connection.Owner = answer.Owner;
        return answer.Unknown.Length > 0;
    }

    private long NextRenewal()
    {
        var spread = (_options.RenewAfterMax - _options.RenewAfterMin).TotalSeconds * Random.Shared.NextDouble();
        var after = _options.RenewAfterMin.TotalSeconds + spread;
        return _time.GetTimestamp() + (long)(after * _time.TimestampFrequency);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} connections could not be attached, the latest that of user {User}; they are tried again")]
    private partial void LogAttachFailed(int count, UserId user, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "User {User}: detach failed; the lease will end")]
    private partial void LogDetachFailed(UserId user, Exception exception);
}
