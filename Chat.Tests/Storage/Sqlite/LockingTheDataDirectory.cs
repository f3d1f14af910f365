using Chat.Storage.Sqlite;
using Chat.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Chat.Tests.Storage.Sqlite;

public sealed class LockingTheDataDirectory
{
    [Fact]
    public void A_second_one_is_refused_and_told_which_directory()
    {
        using var directory = new TemporaryDirectory("lock");
        using var first = DataDirectoryLock.Take(directory.Path);

        var refusal = Assert.Throws<DataDirectoryInUseException>(
            () => new ServiceCollection().AddSqliteStore(directory.Path));

        Assert.Contains(directory.Path, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_with_the_process_however_that_ends()
    {
        using var directory = new TemporaryDirectory("lock");
        var file = Path.Combine(directory.Path, "chat.lock");
        await using var other = await ChildProcess.StartAsync(
            new ChildCommand("flock", "--no-fork", file, "sh", "-c", "echo locked; exec sleep 60"));
        await other.Output.UntilAsync("the lock", lines => lines.Contains("locked"));
        Assert.Throws<DataDirectoryInUseException>(() => DataDirectoryLock.Take(directory.Path));

        await other.KillAsync();

        DataDirectoryLock.Take(directory.Path).Dispose();
    }

    [Fact]
    public async Task It_ends_with_the_store()
    {
        using var directory = new TemporaryDirectory("lock");
        var services = new ServiceCollection().AddLogging().AddSqliteStore(directory.Path).BuildServiceProvider();
        services.GetRequiredService<SqliteDatabase>();

        await services.DisposeAsync();

        DataDirectoryLock.Take(directory.Path).Dispose();
    }

    [Fact]
    public void A_missing_directory_is_made_for_its_owner_alone()
    {
        using var directory = new TemporaryDirectory("lock");
        var path = Path.Combine(directory.Path, "deeper", "data");

        using var taken = DataDirectoryLock.Take(path);

        Assert.Equal(path, taken.Directory);
        Assert.True(OperatingSystem.IsWindows()
            || File.GetUnixFileMode(path)
                == (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }
}
