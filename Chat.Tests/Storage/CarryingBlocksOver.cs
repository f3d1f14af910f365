using System.Net;
using Chat.Conversations;
using Chat.Ids;
using Chat.Storage.Sqlite;
using Chat.Tests.Harness;
using Chat.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using Xunit;

namespace Chat.Tests.Storage;

/// <summary>A block made before reading was hidden hides it too, once the store is migrated.</summary>
[Collection(ProcessTests.Collection)]
public sealed class CarryingBlocksOver(SharedPostgres postgres)
{
    [Theory, EachStore]
    public async Task A_block_that_the_settings_alone_know_hides_reading_from_both(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        using var silo = await StartSiloAsync(store, kind);
        var (blocked, open) = (await ReadByBothAsync(store), await ReadByBothAsync(store));
        var others = new UserId(Guid.NewGuid());
        await SaveAsync(store, silo, blocked.Alice, new UserSettings { Blocked = [others, blocked.Bob] });
        await SaveAsync(store, silo, open.Alice, new UserSettings { Blocked = [others] });
        await SaveAsync(store, silo, open.Bob, new UserSettings());
        Assert.Equal(1, await ReadSeqAsync(blocked, blocked.Alice, blocked.Bob));

        await store.MigrateAgainAsync("-blocks-hide-reading");
        await store.MigrateAgainAsync("-blocks-hide-reading");

        Assert.Null(await ReadSeqAsync(blocked, blocked.Alice, blocked.Bob));
        Assert.Null(await ReadSeqAsync(blocked, blocked.Bob, blocked.Alice));
        Assert.Equal(1, await ReadSeqAsync(open, open.Alice, open.Bob));
        Assert.Equal(1, await ReadSeqAsync(open, open.Bob, open.Alice));
        // It can be lifted as one that was made since.
        await store.Presence.SetReadingHiddenAsync(
            blocked.Alice, from: blocked.Bob, hidden: false, CancellationToken.None);
        Assert.Equal(1, await ReadSeqAsync(blocked, blocked.Alice, blocked.Bob));
        await silo.StopAsync();
    }

    private static async Task<TestChat> ReadByBothAsync(TestStore store)
    {
        var chat = await TestChat.OpenAsync(store, new UserId(Guid.NewGuid()), new UserId(Guid.NewGuid()));
        await chat.SaysAsync(chat.Alice, "one");
        await chat.MarksAsync(chat.Alice, 1, 1);
        await chat.MarksAsync(chat.Bob, 1, 1);
        return chat;
    }

    private static async Task<long?> ReadSeqAsync(TestChat chat, UserId reader, UserId member) =>
        Assert.IsAssignableFrom<IEnumerable<Member>>((await chat.AsSeenByAsync(reader)).Members)
            .Single(one => one.UserId == member).ReadSeq;

    /// <summary>Under the id and in the form in which the settings' grain has it written.</summary>
    private static Task SaveAsync(TestStore store, IHost silo, UserId user, UserSettings settings)
    {
        var storage = store.Directory is null
            ? silo.Services.GetRequiredKeyedService<IGrainStorage>(UserSettings.Storage)
            : new SqliteGrainStorage(
                store.SqliteDatabase,
                silo.Services.GetRequiredService<IGrainStorageSerializer>(),
                silo.Services.GetRequiredService<IActivatorProvider>());
        var grain = silo.Services.GetRequiredService<IGrainFactory>().GetUserSettings(user).GetGrainId();
        return storage.WriteStateAsync(UserSettings.State, grain, new GrainState<UserSettings>(settings));
    }

    private static async Task<IHost> StartSiloAsync(TestStore store, string kind)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var database = store.ConnectionString;
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(LoopbackPort.Next(), LoopbackPort.Next())
                .ConfigureEndpoints(IPAddress.Loopback, LoopbackPort.Next(), LoopbackPort.Next());
            if (kind == EachStoreAttribute.PostgreSql)
                silo.AddAdoNetGrainStorage(
                    UserSettings.Storage,
                    options => (options.Invariant, options.ConnectionString) = ("Npgsql", database));
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
