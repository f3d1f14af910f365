using Chat.Storage;
using Chat.Storage.Sqlite;
using Chat.Tests.Harness;
using Chat.Users;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Chat.Tests.Storage.Sqlite;

public sealed class SharingACommit : IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory _directory = new("commit");
    private readonly ServiceProvider _services;
    private readonly ManualResetEventSlim _gate = new();

    public SharingACommit() =>
        _services = new ServiceCollection().AddLogging().AddSqliteStore(_directory.Path).BuildServiceProvider();

    private SqliteDatabase Database => _services.GetRequiredService<SqliteDatabase>();

    private IAccountStore Accounts => _services.GetRequiredService<IAccountStore>();

    public Task InitializeAsync() =>
        _services.GetRequiredService<IStoreSetup>().ApplyMigrationsAsync(CancellationToken.None);

    public async Task DisposeAsync() => await _services.DisposeAsync();

    public void Dispose()
    {
        _gate.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_write_that_fails_takes_no_other_along()
    {
        var held = HoldTheWriter();
        var before = CreateAsync("before");
        var failing = Database.WriteAsync<int>(
            session =>
            {
                session.Execute("INSERT INTO account VALUES (x'00', 'half', 'half', '', NULL, 0)");
                throw new TimeoutException();
            },
            CancellationToken.None);
        var after = CreateAsync("after");
        _gate.Set();

        await held;
        await Assert.ThrowsAsync<TimeoutException>(() => failing);
        Assert.True(await before);
        Assert.True(await after);
        Assert.NotNull(await FindAsync("before"));
        Assert.NotNull(await FindAsync("after"));
        Assert.Null(await FindAsync("half"));
    }

    [Fact]
    public async Task A_write_given_up_before_its_turn_does_nothing()
    {
        using var cancel = new CancellationTokenSource();
        var held = HoldTheWriter();
        var givenUp = Accounts.TryCreateAsync(AccountOf("nobody"), "hash", default, cancel.Token);
        var other = CreateAsync("somebody");
        await cancel.CancelAsync();
        _gate.Set();

        await held;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        Assert.True(await other);
        Assert.Null(await FindAsync("nobody"));
    }

    [Fact]
    public async Task What_was_answered_is_there_when_the_store_is_opened_again()
    {
        await CreateAsync("alice");
        await _services.DisposeAsync();

        await using var again =
            new ServiceCollection().AddLogging().AddSqliteStore(_directory.Path).BuildServiceProvider();
        await again.GetRequiredService<IStoreSetup>().ApplyMigrationsAsync(CancellationToken.None);

        Assert.NotNull(await again.GetRequiredService<IAccountStore>().FindAsync("ALICE", CancellationToken.None));
    }

    [Fact]
    public async Task Who_writes_to_a_closed_store_is_told()
    {
        var accounts = Accounts;
        await _services.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => accounts.TryCreateAsync(AccountOf("late"), "hash", default, CancellationToken.None));
    }

    [Fact]
    public async Task When_too_many_writes_wait_one_more_is_busy_while_a_lanes_waits_for_its_turn()
    {
        const int MoreThanWait = 2_000;
        var held = HoldTheWriter();
        var writes = Enumerable.Range(0, MoreThanWait)
            .Select(n => Database.WriteAsync(_ => n, CancellationToken.None))
            .ToList();
        var ofALane = Database.WriteInTurnAsync(_ => true, CancellationToken.None);
        Assert.Contains(writes, write => write.IsFaulted);
        Assert.False(ofALane.IsCompleted);
        _gate.Set();

        await held;
        Assert.True(await Eventually.CompletesAsync("the lane's write", ofALane));
        foreach (var write in writes.Where(write => write.IsFaulted))
            await Assert.ThrowsAsync<StoreBusyException>(() => write);
        // The writer may have made room once while they came, so those who found some need not be the first.
        var taken = Enumerable.Range(0, MoreThanWait).Where(n => !writes[n].IsFaulted).ToArray();
        var done = await Eventually.CompletesAsync("the other writes", Task.WhenAll(taken.Select(n => writes[n])));
        Assert.Equal(taken, done);
    }

    /// <summary>Everything written until the gate opens shares the next commit.</summary>
    private Task<bool> HoldTheWriter() =>
        Database.WriteAsync(_ => _gate.Wait(Eventually.Patience), CancellationToken.None);

    private Task<bool> CreateAsync(string name) =>
        Accounts.TryCreateAsync(AccountOf(name), "hash", default, CancellationToken.None);

    private Task<(Account Account, string? PasswordHash)?> FindAsync(string name) =>
        Accounts.FindAsync(name, CancellationToken.None);

    private static Account AccountOf(string name) => new(new Ids.UserId(Guid.NewGuid()), name, name);
}
