using System.Text.Json;
using Chat.Storage;
using Chat.Storage.Sqlite;
using Chat.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization.Activators;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using Xunit;

namespace Chat.Tests.Storage.Sqlite;

public sealed class KeepingGrainState : IAsyncLifetime, IDisposable
{
    private static readonly GrainId Grain = GrainId.Create("user", "1");

    private readonly TemporaryDirectory _directory = new("state");
    private readonly ServiceProvider _services;

    public KeepingGrainState() =>
        _services = new ServiceCollection().AddLogging().AddSqliteStore(_directory.Path)
            .AddSingleton<IGrainStorageSerializer, JsonStates>()
            .AddSingleton<IActivatorProvider, Blanks>()
            .BuildServiceProvider();

    private IGrainStorage Storage => _services.GetRequiredKeyedService<IGrainStorage>("chat");

    public Task InitializeAsync() =>
        _services.GetRequiredService<IStoreSetup>().ApplyMigrationsAsync(CancellationToken.None);

    public async Task DisposeAsync() => await _services.DisposeAsync();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_is_written_is_read_and_what_is_cleared_is_not()
    {
        var blank = await ReadAsync();
        Assert.Equal((false, null, 0), (blank.RecordExists, blank.ETag, blank.State!.Number));

        await WriteAsync(blank, 7);
        var read = await ReadAsync();
        Assert.Equal((true, 7, blank.ETag), (read.RecordExists, read.State!.Number, read.ETag));

        await Storage.ClearStateAsync("privacy", Grain, read);
        var cleared = await ReadAsync();
        Assert.Equal((false, 0), (cleared.RecordExists, cleared.State!.Number));
    }

    [Fact]
    public async Task Of_two_activations_the_later_writer_is_refused()
    {
        var (one, other) = (await ReadAsync(), await ReadAsync());
        await WriteAsync(one, 1);

        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(other, 2));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync("privacy", Grain, other));

        Assert.Equal(1, (await ReadAsync()).State!.Number);
    }

    [Fact]
    public async Task A_state_cleared_and_written_anew_refuses_who_knew_the_first()
    {
        var first = await ReadAsync();
        await WriteAsync(first, 1);
        var stale = await ReadAsync();
        await Storage.ClearStateAsync("privacy", Grain, first);
        await WriteAsync(first, 2);

        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(stale, 3));
    }

    [Fact]
    public async Task States_of_one_grain_are_kept_apart_by_name()
    {
        await WriteAsync(await ReadAsync(), 1);
        var other = new GrainState<Numbered>();
        await Storage.ReadStateAsync("blocks", Grain, other);
        Assert.False(other.RecordExists);
    }

    private async Task<GrainState<Numbered>> ReadAsync()
    {
        var state = new GrainState<Numbered>();
        await Storage.ReadStateAsync("privacy", Grain, state);
        return state;
    }

    private Task WriteAsync(GrainState<Numbered> state, int number)
    {
        state.State = new Numbered { Number = number };
        return Storage.WriteStateAsync("privacy", Grain, state);
    }

    private sealed class Numbered
    {
        public int Number { get; set; }
    }

    private sealed class JsonStates : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input));

        public T? Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span);
    }

    private sealed class Blanks : IActivatorProvider
    {
        public IActivator<T> GetActivator<T>() => new Blank<T>();
    }

    private sealed class Blank<T> : IActivator<T>
    {
        public T Create() => Activator.CreateInstance<T>();
    }
}
