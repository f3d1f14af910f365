using Chat.Client;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Client;

/// <summary>A send is sent until it is answered, and is in the log once.</summary>
public sealed class SendingThroughTroubleTests : IAsyncLifetime
{
    private readonly ScriptedLog _log = new();
    private ScriptedGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await ScriptedGateway.StartAsync(_log);

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_send_whose_answer_was_lost_is_sent_again_under_its_id_and_raised_once()
    {
        await using var alice = await Device.StartAsync(Device.Options("alice", _gateway));
        _log.AcksToLose = 2;

        var first = await alice.Chat.SendTextAsync(ScriptedLog.ConversationId, "one").WaitAsync(Eventually.Patience);
        var second = await alice.Chat.SendTextAsync(ScriptedLog.ConversationId, "two").WaitAsync(Eventually.Patience);

        Assert.Equal((1, true), (first.Seq, first.Duplicate));
        Assert.Equal(2, second.Seq);
        Assert.Equal(["one", "two"], await alice.TextsAsync(2));
        Assert.Equal(2, _log.Entries.Count);
        Assert.Equal(0, alice.Chat.PendingSends);
    }

    [Fact]
    public async Task A_send_that_is_never_answered_is_sent_again_over_the_same_connection()
    {
        await using var gateway = await ScriptedGateway.StartAsync(_log, parallelCallsMax: 2);
        _log.AnswersToKeep = 1;
        await using var alice = await Device.StartAsync(new ChatConnectionOptions
        {
            Gateways = [gateway.Address],
            UserId = "alice",
            Tokens = (_, _) => new("alice"),
            SendTimeout = TimeSpan.FromMilliseconds(100),
        });

        var answer = await alice.Chat.SendTextAsync(ScriptedLog.ConversationId, "x").WaitAsync(Eventually.Patience);

        Assert.Equal((1, true), (answer.Seq, answer.Duplicate));
        Assert.Single(alice.States.Snapshot(), change => change.State == ConnectionState.Connected);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_pushes_and_answers_are_lost_both_logs_are_whole_and_the_same(int seed)
    {
        const int each = 100;
        await using var alice = await Device.StartAsync(Device.Options("alice", _gateway));
        await using var bob = await Device.StartAsync(Device.Options("bob", _gateway));
        _log.Chance = new Random(seed);
        async Task TalkAsync(Device device)
        {
            for (var n = 1; n <= each; n++)
                await device.Chat.SendTextAsync(ScriptedLog.ConversationId, $"{device.Chat.UserId} {n}");
        }

        await Eventually.CompletesAsync("all answers", Task.WhenAll(TalkAsync(alice), TalkAsync(bob)));
        alice.Chat.Resync();
        bob.Chat.Resync();

        var inLog = _log.Entries.Select(entry => entry.Content.Text!).ToArray();
        Assert.Equal(2 * each, inLog.Length);
        Assert.Equal(inLog, await alice.TextsAsync(2 * each));
        Assert.Equal(inLog, await bob.TextsAsync(2 * each));
        Assert.Equal(Enumerable.Range(1, each).Select(n => $"alice {n}"), inLog.Where(text => text[0] == 'a'));
    }

    [Fact]
    public async Task Sends_to_one_conversation_keep_their_order_over_refusals_and_reconnects()
    {
        await using var alice = await Device.StartAsync(Device.Options("alice", _gateway));
        _log.Refuse("busy", "busy");
        var sends = Enumerable.Range(1, 30)
            .Select(n => alice.Chat.SendTextAsync(ScriptedLog.ConversationId, $"{n}"))
            .ToArray();
        await sends[4].WaitAsync(Eventually.Patience);
        alice.Chat.Reconnect();
        var answers = await Task.WhenAll(sends).WaitAsync(Eventually.Patience);

        Assert.Equal(Enumerable.Range(1, 30).Select(n => (long)n), answers.Select(answer => answer.Seq));
        Assert.Equal(Enumerable.Range(1, 30).Select(n => $"{n}"), await alice.TextsAsync(30));
        Assert.Equal(30, _log.Entries.Count);
    }

    [Fact]
    public async Task A_refusal_for_good_is_thrown_and_the_next_send_goes_on()
    {
        await using var alice = await Device.StartAsync(Device.Options("alice", _gateway));
        _log.Refuse("blocked");
        var refused = alice.Chat.SendTextAsync(ScriptedLog.ConversationId, "no");
        var sent = alice.Chat.SendTextAsync(ScriptedLog.ConversationId, "yes");

        var error = await Assert.ThrowsAsync<ChatException>(() => refused.WaitAsync(Eventually.Patience));
        Assert.Equal(("blocked", "Scripted.", false), (error.Code, error.Message, error.Retryable));
        Assert.Equal(1, (await sent.WaitAsync(Eventually.Patience)).Seq);
    }

    [Theory]
    [InlineData(HubEncoding.MessagePack, true)]
    [InlineData(HubEncoding.MessagePack, false)]
    [InlineData(HubEncoding.Json, true)]
    public async Task What_no_hub_message_may_have_is_refused_here_and_holds_nothing_up(
        HubEncoding encoding, bool resends)
    {
        await using var alice = await Device.StartAsync(new ChatConnectionOptions
        {
            Gateways = [_gateway.Address],
            UserId = "alice",
            Tokens = (_, _) => new("alice"),
            Encoding = encoding,
            Resends = resends,
        });
        var refused = alice.Chat.SendTextAsync(ScriptedLog.ConversationId, new string('x', 131_072));
        var sent = alice.Chat.SendTextAsync(ScriptedLog.ConversationId, "yes");

        var error = await Assert.ThrowsAsync<ChatException>(() => refused.WaitAsync(Eventually.Patience));
        Assert.Equal((ErrorCodes.ContentTooLarge, false), (error.Code, error.Retryable));
        Assert.Equal(1, (await sent.WaitAsync(Eventually.Patience)).Seq);
        Assert.Equal(1, alice.States.Snapshot().Count(change => change.State == ConnectionState.Connected));
    }

    [Fact]
    public async Task Another_devices_id_is_answered_and_its_own_content_is_raised()
    {
        await using var alice = await Device.StartAsync(Device.Options("alice", _gateway));
        _log.Append("alice", "from the phone", "id-1");
        var answer = await alice.Chat.SendAsync(ScriptedLog.ConversationId, Content.OfText("other"), "id-1");

        Assert.True(answer.Duplicate);
        Assert.Equal(["from the phone"], await alice.TextsAsync(1));
    }

    [Fact]
    public async Task Without_resends_a_refusal_is_the_callers()
    {
        await using var alice = await Device.StartAsync(new ChatConnectionOptions
        {
            Gateways = [_gateway.Address],
            UserId = "alice",
            Tokens = (_, _) => new("alice"),
            KeepsLog = false,
            Resends = false,
        });
        _log.Refuse("busy");

        var error = await Assert.ThrowsAsync<ChatException>(() => alice.Chat.SendTextAsync("c1", "x"));
        Assert.Equal(("busy", true, TimeSpan.FromMilliseconds(1)), (error.Code, error.Retryable, error.RetryAfter));
        Assert.Equal(1, (await alice.Chat.SendTextAsync("c1", "x")).Seq);
        Assert.Empty(_log.Resumes);
    }

    [Fact]
    public async Task A_full_outbox_refuses_and_a_disposed_device_fails_what_is_pending()
    {
        var alice = Device.Make(new ChatConnectionOptions
        {
            Gateways = [new Uri("http://127.0.0.1:1/")],
            UserId = "alice",
            Tokens = (_, _) => new("alice"),
            OutboxMax = 1,
        });
        var pending = alice.Chat.SendTextAsync("c1", "x");
        var full = await Assert.ThrowsAsync<ChatException>(() => alice.Chat.SendTextAsync("c1", "y"));
        Assert.Equal(ErrorCodes.OutboxFull, full.Code);

        await alice.DisposeAsync();
        var gone = await Assert.ThrowsAsync<ChatException>(() => pending.WaitAsync(Eventually.Patience));
        Assert.Equal(ErrorCodes.Disconnected, gone.Code);
    }

    [Fact]
    public async Task A_cancelled_send_is_not_waited_for()
    {
        await using var alice = Device.Make(Device.Options("alice", _gateway));
        using var cancel = new CancellationTokenSource();
        var pending = alice.Chat.SendAsync("c1", Content.OfText("x"), null, cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending.WaitAsync(Eventually.Patience));
        await alice.Chat.StartAsync().WaitAsync(Eventually.Patience);
        Assert.Equal(1, (await alice.Chat.SendTextAsync("c1", "y")).Seq);
    }
}
