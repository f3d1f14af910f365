using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Chat.Tests.Promises;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Groups;

/// <summary>Up to 64 members an author is told of each who reads; above, how many; and info is exact.</summary>
[Collection(PromiseTests.Collection)]
public sealed class TellingReceipts(PromiseCluster house, ITestOutputHelper output)
{
    private const int OneByOneMax = 64;

    [Fact]
    public async Task Up_to_sixty_four_each_is_told_and_with_one_more_they_are_counted()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, OneByOneMax, Circle.Crowd(OneByOneMax + 1));
        var (alice, chat) = (circle.Owner, circle.Chat);
        var counts = new Observed<ReceiptCounts>();
        alice.Chat.ReceiptCounts += counts.Record;
        var small = await alice.InsistAsync(chat, "to sixty-three");

        await ReadAsync(circle.Devices.Skip(1).Take(OneByOneMax - 1), chat, small.Seq);

        var others = circle.People.Skip(1).Take(OneByOneMax - 1).Select(person => person.Id).Order();
        var told = await alice.Receipts.UntilAsync(
            "alice to be told of all", all => Readers(all, small.Seq).Count() == OneByOneMax - 1);
        Assert.Equal(others, Readers(told, small.Seq).Order());
        Assert.Empty(counts.Snapshot());

        await alice.Chat.AddMembersAsync(chat, [circle.People[OneByOneMax].Id]);
        var large = await alice.InsistAsync(chat, "to sixty-four");
        var (reading, getting) = (circle.Devices.Skip(1).Take(10).ToArray(), circle.Devices.Skip(11).Take(5).ToArray());
        await ReadAsync(reading, chat, large.Seq);
        await Task.WhenAll(getting.Select(device => device.Chat.MarkDeliveredAsync(chat, large.Seq)));

        var info = await alice.Chat.GetReceiptsAsync(chat, large.Seq);
        Assert.Equal((OneByOneMax, 15, 10), (info.MemberCount, info.DeliveredCount, info.ReadCount));
        Assert.Equal(
            reading.Select(device => device.Owner.Id).Order(), Ids(info.Members.Where(one => one.ReadAt is not null)));
        Assert.Equal(
            reading.Concat(getting).Select(device => device.Owner.Id).Order(),
            Ids(info.Members.Where(one => one.DeliveredAt is not null)));
        await CountedAsync(counts, large.Seq, delivered: 15, read: 10);

        await ReadAsync(circle.Devices.Skip(1), chat, large.Seq);

        var steps = await CountedAsync(counts, large.Seq, delivered: OneByOneMax, read: OneByOneMax);
        Assert.All(steps, step => Assert.Equal(OneByOneMax, step.MemberCount));
        Assert.Equal(steps.OrderBy(step => step.DeliveredCount + step.ReadCount), steps);
        // In steps of 5 % of all that may be told, and what rested in between: far fewer than the 128 that were marked.
        Assert.InRange(steps.Count, 2, 43);
        Assert.DoesNotContain(alice.Receipts.Snapshot(), one => one.DeliveredSeq == large.Seq);
        await ExactAsync(alice, chat, large, OneByOneMax);
        await ExactAsync(alice, chat, small, OneByOneMax - 1);
    }

    /// <summary>All have read it, each at a whole second that is no earlier than the entry.</summary>
    private static async Task ExactAsync(Device device, string chat, SendAnswer sent, int members)
    {
        var info = await device.Chat.GetReceiptsAsync(chat, sent.Seq);
        Assert.Equal((members, members, members), (info.MemberCount, info.DeliveredCount, info.ReadCount));
        var from = sent.SentAt.AddTicks(-(sent.SentAt.UtcTicks % TimeSpan.TicksPerSecond));
        Assert.All(info.Members, one =>
        {
            Assert.True(one.DeliveredAt >= from && one.ReadAt >= one.DeliveredAt, $"{one} after {from:O}");
            Assert.Equal(0, one.ReadAt!.Value.UtcTicks % TimeSpan.TicksPerSecond);
        });
    }

    private static Task ReadAsync(IEnumerable<Device> devices, string chat, long seq) =>
        Task.WhenAll(devices.Select(device => device.Chat.MarkReadAsync(chat, seq)));

    private static IEnumerable<string> Readers(IEnumerable<ReceiptAdvanced> told, long seq) =>
        told.Where(one => one.ReadSeq == seq).Select(one => one.UserId).Distinct();

    private static IEnumerable<string> Ids(IEnumerable<MemberReceipt> receipts) =>
        receipts.Select(one => one.UserId).Order();

    private static async Task<List<ReceiptCounts>> CountedAsync(
        Observed<ReceiptCounts> counts, long seq, int delivered, int read)
    {
        var all = await counts.UntilAsync(
            $"alice to be told {delivered} and {read}",
            told => told.Any(one => one.Seq == seq && one.DeliveredCount == delivered && one.ReadCount == read));
        return [.. all.Where(one => one.Seq == seq)];
    }
}
