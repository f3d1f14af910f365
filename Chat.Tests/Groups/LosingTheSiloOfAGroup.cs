using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Chat.Tests.Promises;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Groups;

/// <summary>SIGKILL of the silo that hosts a busy group: order, exactly once, no lost member.</summary>
[Collection(PromiseTests.Collection)]
public sealed class LosingTheSiloOfAGroup(PromiseCluster house, ITestOutputHelper output)
{
    private const int EachSends = 40;

    private static readonly string[] Names = ["alice", "bob", "carol", "dave", "erin", "frank"];

    [Fact]
    public async Task Every_member_has_each_entry_once_in_one_order_and_nobody_is_lost()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 5, Names, keepsLog: true);
        await using var view = await ClusterView.OpenAsync(house.Cluster);
        var answers = new Observed<(string Text, SendAnswer Answer)>();

        var sends = Task.WhenAll(circle.Devices.Take(5).SelectMany(device => Enumerable.Range(1, EachSends).Select(
            async n => answers.Record(
                ($"{device.Owner} {n}", await device.InsistAsync(circle.Chat, $"{device.Owner} {n}"))))));
        await answers.UntilAsync("a few answers", known => known.Count > 10);
        var adding = Device.AskAsync(() => circle.Owner.Chat.AddMembersAsync(circle.Chat, [circle.People[5].Id]));
        await (await view.SiloOfChatAsync(circle.Chat))!.KillAsync();
        await Eventually.CompletesAsync("all sends to be answered", sends, () => $"{answers.Count} answers");
        await Eventually.CompletesAsync("frank to be added", adding);

        var log = await circle.Owner.ReadAllAsync(circle.Chat);
        Assert.Equal(Enumerable.Range(1, log.Count).Select(n => (long)n), log.Select(entry => entry.Seq));
        Assert.Equal(["created", "membersAdded"], log.Select(entry => entry.Content.Event).OfType<string>());
        foreach (var (text, answer) in answers.Snapshot())
            Assert.Equal(answer.Seq, log.Single(entry => entry.Content.Text == text).Seq);
        Assert.Equal(5 * EachSends, log.Count(entry => entry.Content.Text is not null));
        Assert.DoesNotContain("-", await circle.RolesAsync(circle.Devices[5]));
        await EachHoldsAsync(circle, log);
    }

    /// <summary>Each device has raised each entry that is its owner's to read once, in order.</summary>
    private static async Task EachHoldsAsync(Circle circle, List<Message> log)
    {
        var joined = log.Single(entry => entry.Content.Event == "membersAdded").Seq;
        foreach (var device in circle.Devices)
        {
            await Eventually.HoldsAsync(
                $"{device} to hold all {log.Count}",
                () => device.Chat.GetHeldSeq(circle.Chat) == log.Count,
                () => $"{device.Chat.GetHeldSeq(circle.Chat)}");
            var first = device.Owner.Name == "frank" ? joined : 1;
            var heard = device.Heard.Snapshot().Where(entry => entry.Message.ConversationId == circle.Chat);
            Assert.Equal(
                log.Select(entry => entry.Seq).Where(seq => seq >= first), heard.Select(entry => entry.Message.Seq));
        }
    }
}
