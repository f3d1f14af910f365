using Chat.Groups;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Runtime.Hosting;
using Orleans.Storage;
using Orleans.Serialization.Serializers;

namespace Chat.Storage.Sqlite;

/// <summary>The standalone role's store: one SQLite file in a data directory that is this process's alone.</summary>
public static class SqliteStore
{
    /// <summary>
    /// Takes the data directory and registers the stores on it, and grain storage of that name. The directory is kept
    /// until the container is disposed.
    /// </summary>
    /// <exception cref="DataDirectoryInUseException">Another process has the directory.</exception>
    public static IServiceCollection AddSqliteStore(
        this IServiceCollection services, string dataDirectory, string grainStorageName = "chat")
    {
        var directory = DataDirectoryLock.Take(dataDirectory);
        // By a factory: the container disposes only what it has made.
        services.AddSingleton(_ => directory);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SqliteDatabase>();
        services.AddSingleton<IStoreSetup, SqliteSetup>();
        services.AddSingleton<IMessageLog, SqliteMessageLog>();
        services.AddSingleton<IConversationReader, SqliteConversationReader>();
        services.AddSingleton<IGroupStore, SqliteGroupStore>();
        services.AddSingleton<IAccountStore, SqliteAccountStore>();
        services.AddSingleton<IPresenceStore, SqlitePresenceStore>();
        return services.AddGrainStorage(grainStorageName, (provider, _) => new SqliteGrainStorage(
            provider.GetRequiredService<SqliteDatabase>(),
            provider.GetRequiredService<IGrainStorageSerializer>(),
            provider.GetRequiredService<IActivatorProvider>()));
    }
}
