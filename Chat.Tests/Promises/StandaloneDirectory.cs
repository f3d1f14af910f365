using Chat.Tests.Harness;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>A standalone process has its data directory to itself.</summary>
public sealed class StandaloneDirectory(ITestOutputHelper output)
{
    [Fact]
    public async Task A_second_process_on_it_says_so_and_ends_with_1_and_the_first_goes_on()
    {
        await using var gateway = await StandaloneGateway.StartAsync(output, Town.CheapPasswords);
        await using var town = new Town(() => [gateway.Address], () => "", output);
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(gateway.Address);
        await alice.Sends("before").To(people[1]);

        var rival = gateway.Rival();
        await rival.LaunchAsync();
        Assert.Equal(1, await rival.ExitAsync());
        await rival.Output.UntilAsync(
            "one line that names the directory",
            lines => lines.Count == 1 && lines[0].Contains(gateway.DataDirectory, StringComparison.Ordinal));

        var sent = await alice.Sends("after").To(people[1]);
        Assert.Equal(2, sent.Seq);
    }

    [Fact]
    public async Task A_killed_process_leaves_it_free_for_the_next_at_once()
    {
        await using var gateway = await StandaloneGateway.StartAsync(output, Town.CheapPasswords);
        await using var town = new Town(() => [gateway.Address], () => "", output);
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(gateway.Address);
        await alice.Sends("before").To(people[1]);
        await alice.Chat.BlockAsync(people[1].Id);

        await gateway.Process.KillAsync();
        var rival = gateway.Rival();
        await rival.StartAsync();

        // The accounts, the tokens' key, the log and the block are all there.
        var bob = await people[1].OnAsync(rival.Address);
        var chat = await bob.OpenAsync(people[0]);
        Assert.Equal(["before"], (await bob.ReadAllAsync(chat)).Select(m => m.Content.Text));
        await Assert.ThrowsAsync<Chat.Client.ChatException>(() => bob.SendOnceAsync(chat, "blocked"));
    }
}
