using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>
/// Promises 4 and 5: a receipt is pushed before it is durable, and whoever reads in between hears of it all the same.
/// </summary>
public sealed class ReceiptsInBetween(ITestOutputHelper output)
{
    private const int Trials = 5;

    /// <summary>Long between push and commit, so that a read fits in between.</summary>
    private static readonly Dictionary<string, string> SlowToWrite = new(Town.CheapPasswords)
    {
        ["Chat__Receipts__FlushEvery"] = "00:00:03",
        ["Chat__Receipts__PromptFlushes"] = "0",
    };

    [Fact]
    public async Task A_device_that_comes_between_push_and_commit_hears_the_receipt()
    {
        await using var gateway = await StandaloneGateway.StartAsync(output, SlowToWrite);
        await using var town = new Town(() => [gateway.Address], () => "", output);
        var (alice, bob, chat) = await MeetAsync(town, gateway.Address);

        for (var seq = 1; seq <= Trials; seq++)
        {
            await bob.Chat.MarkDeliveredAsync(chat, seq);
            await using var tablet = await alice.Owner.ConnectAsync(gateway.Address);
            if (await ResumedSeqAsync(tablet, chat, bob) >= seq) continue;

            await tablet.Receipts.UntilAsync(
                $"a receipt of {seq}, which Resume did not show yet", heard => heard.Any(r => r.DeliveredSeq == seq));
            return;
        }

        Assert.Fail("Each mark was durable before a device could read.");
    }

    [Fact]
    public async Task A_device_that_resumes_after_a_push_that_it_may_have_missed_hears_the_receipt_again()
    {
        await using var gateway = await StandaloneGateway.StartAsync(output, SlowToWrite);
        await using var town = new Town(() => [gateway.Address], () => "", output);
        var (alice, bob, chat) = await MeetAsync(town, gateway.Address);

        for (var seq = 1; seq <= Trials; seq++)
        {
            await bob.Chat.MarkDeliveredAsync(chat, seq);
            await alice.Receipts.UntilAsync($"a receipt of {seq}", heard => heard.Any(r => r.DeliveredSeq == seq));
            if (await ResumedSeqAsync(alice, chat, bob) >= seq) continue;

            await alice.Receipts.UntilAsync(
                $"a receipt of {seq} once more", heard => heard.Count(r => r.DeliveredSeq == seq) == 2);
            return;
        }

        Assert.Fail("Each mark was durable before a device could read.");
    }

    [Fact]
    public async Task Who_missed_nothing_hears_each_receipt_once()
    {
        await using var gateway = await StandaloneGateway.StartAsync(output, SlowToWrite);
        await using var town = new Town(() => [gateway.Address], () => "", output);
        var (alice, bob, chat) = await MeetAsync(town, gateway.Address);

        for (var seq = 1; seq <= Trials; seq++)
        {
            await bob.Chat.MarkDeliveredAsync(chat, seq);
            // Answered when the mark is durable, and so after whatever that pushes.
            await alice.Chat.GetReceiptsAsync(chat, seq);
        }

        await alice.Receipts.UntilAsync("the last", heard => heard.Any(r => r.DeliveredSeq == Trials));
        Assert.Equal(
            Enumerable.Range(1, Trials), alice.Receipts.Snapshot().Select(receipt => (int)receipt.DeliveredSeq));
    }

    [Fact]
    public async Task After_a_kill_in_their_midst_each_author_comes_to_know_of_the_last()
    {
        const int Pairs = 12;
        await using var gateway = await StandaloneGateway.StartAsync(output, SlowToWrite);
        await using var town = new Town(() => [gateway.Address], () => "", output);
        var pairs = await Task.WhenAll(Enumerable.Range(0, Pairs).Select(_ => PairAsync(town, gateway.Address)));
        await Task.WhenAll(pairs.Select(pair => pair.Author.InsistAsync(pair.Chat, "first")));

        // The last is acknowledged, and its receipts are on their way: held, pushed, gathered or written.
        await Task.WhenAll(pairs.Select(pair => pair.Author.InsistAsync(pair.Chat, "last")));
        await gateway.Process.KillAsync();
        await gateway.Process.StartAsync();

        foreach (var (author, reader, _) in pairs)
        {
            await Eventually.HoldsAsync(
                $"{author} to know that {reader} has the last",
                () => KnownSeq(author, reader) == 2,
                () => $"known: {KnownSeq(author, reader)}");
        }
    }

    private static async Task<(Device Author, Device Reader, string Chat)> PairAsync(Town town, Uri gateway)
    {
        var people = await town.WelcomeAsync("author", "reader");
        var author = await people[0].WithLogOnAsync(gateway);
        return (author, await people[1].WithLogOnAsync(gateway), await author.OpenAsync(people[1]));
    }

    /// <summary>How far the reader is, by pushes and by what was read back after a reconnect.</summary>
    private static long KnownSeq(Device author, Device reader) => author.Receipts.Snapshot()
        .Where(receipt => receipt.UserId == reader.Owner.Id)
        .Select(receipt => receipt.DeliveredSeq)
        .Concat(author.Changes.Snapshot()
            .SelectMany(chat => chat.Members ?? [])
            .Where(member => member.UserId == reader.Owner.Id)
            .Select(member => member.DeliveredSeq))
        .Append(0)
        .Max();

    private static async Task<(Device Alice, Device Bob, string Chat)> MeetAsync(Town town, Uri gateway)
    {
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(gateway);
        var bob = await people[1].OnAsync(gateway);
        var chat = await alice.OpenAsync(people[1]);
        for (var n = 1; n <= Trials; n++) await alice.InsistAsync(chat, $"message {n}");
        return (alice, bob, chat);
    }

    private static async Task<long> ResumedSeqAsync(Device device, string chat, Device bob)
    {
        var answer = await device.Chat.InvokeRawAsync<ResumeAnswer>(HubMethods.Resume, new ResumeRequest
        {
            Conversations = [new HeldConversation { ConversationId = chat, Seq = Trials }],
        });
        var members = answer.Conversations.Single().Members!;
        return members.Single(member => member.UserId == bob.Owner.Id).DeliveredSeq;
    }
}
