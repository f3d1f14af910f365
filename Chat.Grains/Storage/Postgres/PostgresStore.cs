using Chat.Groups;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>Registers the cluster's store: log, reads, accounts and set-up over one pool of their own.</summary>
public static class PostgresStore
{
    /// <summary>
    /// Connections of this process for data: what the log lanes and the reads need at once and some for single reads.
    /// Membership has a pool of its own, so that load here can't make a silo look dead.
    /// </summary>
    private const int ConnectionsMax = 24;

    /// <summary>
    /// Of appends and of asking what became of them. A lane whose commit hangs has still to ask before its callers give
    /// up, at the grain calls' response time-out: so each of the two gets less than half of that.
    /// </summary>
    internal const int AppendTimeoutSeconds = 4;

    /// <summary>Of all else: the grain calls' response time-out, past which nobody waits for it.</summary>
    private const int CommandTimeoutSeconds = 10;

    private const int ConnectTimeoutSeconds = 5;

    public static IServiceCollection AddPostgresStore(this IServiceCollection services, string connectionString)
    {
        // The container disposes what it made, the pool last.
        services.AddSingleton(_ => CreateDataSource(connectionString));
        services.AddSingleton<IMessageLog, PostgresMessageLog>();
        services.AddSingleton<IConversationReader, PostgresConversationReader>();
        services.AddSingleton<IGroupStore, PostgresGroupStore>();
        services.AddSingleton<IAccountStore, PostgresAccountStore>();
        services.AddSingleton<IPresenceStore, PostgresPresenceStore>();
        services.AddSingleton<IStoreSetup, PostgresMigrations>();
        return services;
    }

    /// <summary>
    /// Every statement is prepared once for each connection and planned once: all are keyed look-ups whose plan does
    /// not depend on the values, so planning again, scanning tables or compiling plans can only cost.
    /// </summary>
    internal static NpgsqlDataSource CreateDataSource(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.ApplicationName ??= "chat-data";
        settings.MaxPoolSize = Math.Min(settings.MaxPoolSize, ConnectionsMax);
        settings.CommandTimeout = CommandTimeoutSeconds;
        settings.Timeout = ConnectTimeoutSeconds;
        settings.MaxAutoPrepare = 64;
        settings.AutoPrepareMinUsages = 2;
        settings.NoResetOnClose = true;
        settings.Enlist = false;
        const string PlanOnce = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off";
        settings.Options = $"{settings.Options} {PlanOnce}".Trim();
        return NpgsqlDataSource.Create(settings);
    }
}
