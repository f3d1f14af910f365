using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Storage.Sqlite;

[Collection(ProcessTests.Collection)]
public sealed class ErasingText(SharedPostgres postgres)
{
    [Fact]
    public async Task Neither_file_nor_journal_keeps_what_was_edited_away_or_deleted()
    {
        await using var store = await TestStore.StartAsync(EachStoreAttribute.Sqlite, postgres);
        var chat = await TestChat.OpenAsync(store);
        for (var i = 0; i < 40; i++)
            await chat.SaysAsync(chat.Alice, $"secret-{i} {new string('x', 200)}");
        await chat.SaysAsync(chat.Bob, "kept-text");
        for (var i = 1; i <= 40; i++)
        {
            await chat.EditsAsync(chat.Alice, i, $"secret-edit-{i}");
            await chat.DeletesAsync(chat.Alice, i);
        }

        await Eventually.HoldsAsync(
            "the text to be gone from the disk",
            async () => !await IsOnDiskAsync(store, "secret-") && await IsOnDiskAsync(store, "kept-text"));
    }

    // By another process: closing a file of our own would take SQLite's locks on it along.
    private static async Task<bool> IsOnDiskAsync(TestStore store, string text)
    {
        await using var grep = await ChildProcess.StartAsync(
            new ChildCommand("grep", "--recursive", "--text", "--quiet", text, store.Directory!));
        return await grep.ExitAsync("the search") == 0;
    }
}
