using System.Text.Json;
using Chat.Client;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>Promise 5: a push may be lost, and then its device is told to resume; nobody waits for it.</summary>
[Collection(PromiseTests.Collection)]
public sealed class PushesAreHints(PromiseCluster house, ITestOutputHelper output)
{
    /// <summary>Beyond what sockets, pipes and queue hold of messages of 16 kB.</summary>
    private const int TooMany = 3_000;

    [Fact]
    public async Task A_reader_that_stops_is_told_once_to_resume_and_holds_up_nobody()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var tablet = await people[1].OnAsync(town.Gateways[0]);
        await using var slow = await RawSocket.ConnectAsync(people[1], town.Gateways[0]);
        var chat = await alice.OpenAsync(people[1]);
        var text = new string('x', 16_000);

        var sent = 0;
        while (await Metrics.ReadAsync(town.Gateways[0], "chat_connections_dropped") == 0)
        {
            Assert.True(sent < TooMany, $"{sent} messages of {text.Length} bytes filled no queue.");
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => alice.InsistAsync(chat, text)));
            sent += 50;
        }

        await alice.InsistAsync(chat, "nobody waits");
        await tablet.HearsAsync("nobody waits");
        Assert.Equal(sent + 1, tablet.Heard.Count);
        Assert.Empty(tablet.Resyncs.Snapshot());

        // Now it reads: first what was under way, then that it was dropped, then what comes after that.
        var before = 0;
        while (await TargetAsync(slow) is not "ResyncRequired") before++;
        await alice.InsistAsync(chat, "last");
        Assert.Equal("MessageAppended", await TargetAsync(slow));
        town.Tell($"{sent} sent, {before} read before the queue was dropped");
        Assert.InRange(before, 1, sent - 256);
        await slow.CallAsync(HubMethods.GetHistory, new { conversationId = chat, limit = 2 });
        var page = (await slow.ReadAsync("the page")).GetProperty("result").GetProperty("messages");
        Assert.Equal("last", page[1].GetProperty("content").GetProperty("text").GetString());
    }

    [Fact]
    public async Task What_is_sent_while_a_device_connects_comes_by_push_or_by_resume()
    {
        const int Trials = 120;
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var chat = await alice.OpenAsync(people[1]);
        await alice.InsistAsync(chat, "0");
        var (pushed, resumed) = (0, 0);

        for (var n = 1; n <= Trials; n++)
        {
            // From well before the device is attached to well after its resume began.
            var lead = TimeSpan.FromMilliseconds(n % 20);
            var connecting = ConnectAndResumeAsync(people[1], town.Gateways[1], chat, held: n);
            await Task.Delay(lead);
            var answer = await alice.InsistAsync(chat, $"{n}");
            var (device, missed) = await connecting;
            await using var _ = device;

            Assert.Equal(n + 1, answer.Seq);
            if (missed.Messages.Any(message => message.Seq == answer.Seq))
            {
                resumed++;
            }
            else
            {
                await device.Heard.UntilAsync(
                    $"trial {n}: seq {answer.Seq}, which Resume did not bring (lead {lead.TotalMilliseconds} ms)",
                    heard => heard.Any(entry => entry.Message.Seq == answer.Seq),
                    TimeSpan.FromSeconds(5));
                pushed++;
            }
        }

        town.Tell($"{resumed} came by Resume, {pushed} by push");
        Assert.True(resumed > 0 && pushed > 0, $"{resumed} by Resume and {pushed} by push: one way was not tried.");
    }

    private static async Task<(Device Device, ResumeAnswer Missed)> ConnectAndResumeAsync(
        Person person, Uri gateway, string chat, long held)
    {
        var device = await person.ConnectAsync(gateway);
        var missed = await device.Chat.InvokeRawAsync<ResumeAnswer>(HubMethods.Resume, new ResumeRequest
        {
            Conversations = [new HeldConversation { ConversationId = chat, Seq = held }],
        });
        return (device, missed);
    }

    private static async Task<string?> TargetAsync(RawSocket socket)
    {
        JsonElement frame = await socket.ReadAsync("a push");
        return frame.TryGetProperty("target", out var target) ? target.GetString() : frame.ToString();
    }
}
