using Chat.Client;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Client;

/// <summary>A device's log stays whole, whatever becomes of pushes and connections.</summary>
public sealed class StayingWholeTests : IAsyncLifetime
{
    private readonly ScriptedLog _log = new();
    private ScriptedGateway _one = null!;
    private ScriptedGateway _two = null!;

    public async Task InitializeAsync() =>
        (_one, _two) = (await ScriptedGateway.StartAsync(_log), await ScriptedGateway.StartAsync(_log));

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Theory]
    [InlineData(HubEncoding.MessagePack, false)]
    [InlineData(HubEncoding.Json, false)]
    [InlineData(HubEncoding.MessagePack, true)]
    public async Task Both_hear_both_in_one_order_over_either_protocol(HubEncoding encoding, bool negotiates)
    {
        await using var alice = await Device.StartAsync(Options("alice", encoding, negotiates));
        await using var bob = await Device.StartAsync(Options("bob", encoding, negotiates));

        await alice.Chat.SendTextAsync(ScriptedLog.ConversationId, "one");
        await bob.Chat.SendTextAsync(ScriptedLog.ConversationId, "two");
        await alice.Chat.SendTextAsync(ScriptedLog.ConversationId, "three");

        Assert.Equal(["one", "two", "three"], await alice.TextsAsync(3));
        Assert.Equal(["one", "two", "three"], await bob.TextsAsync(3));
        Assert.Equal([true, false, true], alice.Entries.Snapshot().Select(entry => entry.IsOwn));
        Assert.Equal(EntrySource.Acknowledgement, alice.Entries.Snapshot()[0].Source);
        Assert.Equal(_log.Entries[0], alice.Entries.Snapshot()[0].Message);
        await Eventually.HoldsAsync(
            "Bob's mark at 3", () => _log.MarksSoFar().Contains(("bob", "MarkDelivered", 3)), Marks);
    }

    [Fact]
    public async Task Pushes_that_overtook_one_another_are_raised_in_order()
    {
        await using var bob = await Device.StartAsync(Device.Options("bob", _one));
        var entries = Enumerable.Range(1, 5).Select(n => _log.Append("alice", $"{n}")).ToArray();
        foreach (var n in new[] { 2, 0, 4, 3, 1, 0 }) await _one.PushAsync("MessageAppended", entries[n]);

        Assert.Equal(["1", "2", "3", "4", "5"], await bob.TextsAsync(5));
    }

    [Fact]
    public async Task A_lost_push_is_read_back_once_a_later_one_shows_the_gap()
    {
        await using var bob = await Device.StartAsync(Device.Options("bob", _one));
        _log.Append("alice", "lost");
        await _one.PushAsync("MessageAppended", _log.Append("alice", "seen"));

        Assert.Equal(["lost", "seen"], await bob.TextsAsync(2));
        Assert.Equal(EntrySource.CatchUp, bob.Entries.Snapshot()[0].Source);
    }

    [Fact]
    public async Task The_last_push_lost_is_read_back_on_ResyncRequired()
    {
        await using var bob = await Device.StartAsync(Device.Options("bob", _one));
        _log.Append("alice", "lost");
        await _one.PushAsync("ResyncRequired", new ResyncRequired());

        Assert.Equal(["lost"], await bob.TextsAsync(1));
    }

    [Fact]
    public async Task A_dead_gateways_device_goes_to_the_next_and_lacks_nothing()
    {
        await using var bob = await Device.StartAsync(Device.Options("bob", _one, _two));
        await _one.PushAsync("MessageAppended", _log.Append("alice", "before"));
        await bob.TextsAsync(1);

        // Before it ends: the device may be at the other one, and have resumed, before the end is over.
        _log.Append("alice", "meanwhile");
        await _one.DisposeAsync();

        Assert.Equal(["before", "meanwhile"], await bob.TextsAsync(2));
        Assert.Equal(_two.Address, bob.Chat.Gateway);
        Assert.Equal(1, _log.Resumes[^1].Conversations.Single().Seq);
        await Eventually.HoldsAsync(
            "a mark of both at the second gateway",
            () => _log.MarksSoFar().Contains(("bob", "MarkDelivered", 2)),
            Marks);
    }

    [Fact]
    public async Task What_was_marked_is_marked_again_on_the_next_connection()
    {
        await using var bob = await Device.StartAsync(Device.Options("bob", _one));
        await _one.PushAsync("MessageAppended", _log.Append("alice", "hi"));
        await Eventually.HoldsAsync("a mark", () => _log.MarksSoFar().Count == 1, Marks);
        bob.Chat.Reconnect();
        await Eventually.HoldsAsync("the mark again", () => _log.MarksSoFar().Count == 2, Marks);

        Assert.All(_log.MarksSoFar(), mark => Assert.Equal(("bob", "MarkDelivered", 1), mark));
    }

    [Fact]
    public async Task A_draining_gateway_is_left()
    {
        await using var bob = await Device.StartAsync(Device.Options("bob", _one, _two));
        await _one.PushAsync("Draining", new Draining { ReconnectAfterMs = 1 });
        await bob.CaughtUp.UntilAsync("the second catch-up", times => times.Count == 2);

        Assert.Equal(_two.Address, bob.Chat.Gateway);
    }

    [Fact]
    public async Task A_conversation_cut_off_by_Resume_is_paged_and_what_is_gone_is_named()
    {
        for (var n = 1; n <= 90; n++) _log.Append("alice", $"{n}");
        _log.TakeAway(10);
        _log.ResumeMax = 20;
        await using var bob = await Device.StartAsync(Device.Options("bob", _one));

        Assert.Equal(Enumerable.Range(11, 80).Select(n => $"{n}"), await bob.TextsAsync(80));
        Assert.Equal((1, 10), (bob.Gone.Snapshot().Single().FromSeq, bob.Gone.Snapshot().Single().ToSeq));
    }

    [Fact]
    public async Task A_device_that_does_not_page_starts_at_the_end_of_what_was_cut_off()
    {
        for (var n = 1; n <= 90; n++) _log.Append("alice", $"{n}");
        _log.ResumeMax = 20;
        await using var bob = await Device.StartAsync(new ChatConnectionOptions
        {
            Gateways = [_one.Address],
            UserId = "bob",
            Tokens = (_, _) => new("bob"),
            PagesUnknownConversations = false,
        });
        Assert.Equal(90, bob.Chat.GetHeldSeq(ScriptedLog.ConversationId));

        await _one.PushAsync("MessageAppended", _log.Append("alice", "new"));

        Assert.Equal(["new"], await bob.TextsAsync(1));
        Assert.Equal(0, _log.HistoryCalls);
        var page = await bob.Chat.GetHistoryAsync(ScriptedLog.ConversationId, after: 0, limit: 1);
        Assert.Equal("1", page.Messages.Single().Content.Text);
    }

    [Fact]
    public async Task A_device_restarted_with_its_cursors_gets_only_what_it_lacks_and_marks_again()
    {
        _log.Append("alice", "old");
        CursorSnapshot cursors;
        await using (var first = await Device.StartAsync(Device.Options("bob", _one)))
        {
            await first.TextsAsync(1);
            await first.Chat.MarkReadAsync(ScriptedLog.ConversationId, 1);
            cursors = first.Chat.ExportCursors();
        }

        var before = _log.MarksSoFar().Count;
        _log.Append("alice", "new");
        var options = Device.Options("bob", _one);
        await using var second = await Device.StartAsync(Copy(options, cursors, options.InboxMax));

        Assert.Equal(["new"], await second.TextsAsync(1));
        await Eventually.HoldsAsync(
            "both marks again",
            () => _log.MarksSoFar().Skip(before) is var again
                && again.Contains(("bob", "MarkRead", 1)) && again.Contains(("bob", "MarkDelivered", 2)),
            Marks);
    }

    [Fact]
    public async Task Handlers_that_are_too_slow_cost_pushes_but_no_entry()
    {
        using var open = new ManualResetEventSlim();
        await using var bob = Device.Make(Copy(Device.Options("bob", _one), null, inboxMax: 8));
        bob.Chat.MessageAppended += _ => open.Wait(Eventually.Patience);
        await bob.Chat.StartAsync();

        for (var n = 1; n <= 100; n++) await _one.PushAsync("MessageAppended", _log.Append("alice", $"{n}"));
        await Eventually.HoldsAsync("the first entry in its handler", () => bob.Entries.Count == 1);
        open.Set();

        Assert.Equal(Enumerable.Range(1, 100).Select(n => $"{n}"), await bob.TextsAsync(100));
    }

    private ChatConnectionOptions Options(string userId, HubEncoding encoding, bool negotiates) => new()
    {
        Gateways = [_one.Address],
        UserId = userId,
        Tokens = (_, _) => new(userId),
        Encoding = encoding,
        Negotiates = negotiates,
    };

    private static ChatConnectionOptions Copy(
        ChatConnectionOptions from, CursorSnapshot? cursors, int inboxMax) => new()
    {
        Gateways = from.Gateways,
        UserId = from.UserId,
        Tokens = from.Tokens,
        GapPatience = from.GapPatience,
        Cursors = cursors,
        InboxMax = inboxMax,
    };

    private string Marks() => string.Join(' ', _log.MarksSoFar());
}
