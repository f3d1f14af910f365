using Chat.Delivery;
using Chat.Ids;
using Chat.Receipts;
using Chat.Tests.Delivery;
using Xunit;

namespace Chat.Tests.Receipts;

/// <summary>Under load receipts are held until they are durable, and go as one to whoever may see it by then.</summary>
public sealed class HoldingReceipts
{
    private static readonly SiloAddress East = ScriptedCluster.Silo(11);
    private static readonly ConversationId Chat = new(new Guid(1, 2, 3, new byte[8]));

    private readonly ScriptedCluster _cluster = new();
    private readonly UserId[] _users = ScriptedCluster.Users(3);
    private readonly Fanout _fanout;
    private readonly PushedReceipt _pushed;

    public HoldingReceipts()
    {
        for (var i = 0; i < _users.Length; i++) _cluster.Put(_users[i], (East, i + 1));
        _fanout = _cluster.Fanout();
        _pushed = new PushedReceipt(_fanout);
    }

    [Fact]
    public async Task What_is_held_goes_once_and_is_the_newest()
    {
        await KnowAsync();

        for (var seq = 1; seq <= 5; seq++) Push(seq, _users, hold: true);
        PushAgain();

        Assert.Equal([5L], await ReadByAsync(_users[1]));
    }

    [Fact]
    public async Task Without_load_each_goes_at_once_and_no_second_time()
    {
        await KnowAsync();

        for (var seq = 1; seq <= 3; seq++) Push(seq, _users, hold: false);
        Assert.False(_pushed.IsOwed(UpTo(3)));

        Assert.Equal([1L, 2L, 3L], await ReadByAsync(_users[1]));
    }

    [Fact]
    public async Task Who_has_come_to_hide_since_gets_no_later_one()
    {
        await KnowAsync();
        Push(1, _users, hold: true);

        Push(2, [_users[0], _users[2]], hold: true);
        PushAgain(sees: user => user != _users[1]);

        Assert.Equal([2L], await ReadByAsync(_users[2]));
        Assert.Empty(await ReadByAsync(_users[1]));
    }

    [Fact]
    public async Task Nor_does_he_when_what_was_pushed_is_said_again_after_he_reconnected()
    {
        await KnowAsync();
        Push(1, _users, hold: false);
        Push(2, [_users[0], _users[2]], hold: false);
        Reconnect(_users[1]);

        PushAgain(sees: user => user != _users[1]);

        Assert.Equal([1L], await ReadByAsync(_users[1]));
    }

    [Fact]
    public async Task Who_was_told_of_what_is_not_durable_yet_is_not_forgotten_once_something_older_is()
    {
        await KnowAsync();
        Push(1, _users, hold: false);
        Push(2, _users, hold: false);
        Assert.False(_pushed.IsOwed(UpTo(1)));
        Reconnect(_users[1]);

        Push(3, [_users[0], _users[2]], hold: false);
        PushAgain(durable: 3);

        Assert.Equal([1L, 2L, 3L], await ReadByAsync(_users[1]));
    }

    [Fact]
    public async Task Nor_is_he_once_something_older_was_pushed_again()
    {
        await KnowAsync();
        Push(1, _users, hold: false);
        Push(2, _users, hold: false);
        Reconnect(_users[2]);
        PushAgain(durable: 1);
        Reconnect(_users[1]);

        Push(3, [_users[0], _users[2]], hold: false);
        PushAgain(durable: 3);

        Assert.Equal([1L, 2L, 3L], await ReadByAsync(_users[1]));
        Assert.Equal([1L, 2L, 2L, 3L], await ReadByAsync(_users[2]));
    }

    private ValueTask KnowAsync() => _fanout.EnsureRoutesAsync(_users);

    private void Push(long seq, UserId[] users, bool hold) => _pushed.Push(
        new ReceiptAdvanced(Chat, _users[0], seq, seq, DateTimeOffset.UnixEpoch), users, 0, hold);

    private void PushAgain(Func<UserId, bool>? sees = null, long durable = 5)
    {
        Assert.True(_pushed.IsOwed(UpTo(durable)));
        _pushed.PushAgain(sees ?? (_ => true), UpTo(durable));
    }

    private static Watermarks UpTo(long seq) => new(seq, seq);

    /// <summary>Of what was pushed to him until now he may have missed something.</summary>
    private void Reconnect(UserId user)
    {
        _cluster.Put(user, (East, 9));
        _cluster.Tell(user);
    }

    /// <summary>What he was pushed, in order: all that went before a sign that comes after it.</summary>
    private async Task<IReadOnlyList<long>> ReadByAsync(UserId user)
    {
        _fanout.PushChanged(Chat, [user], origin: 0);
        var all = await _cluster.Delivered.UntilAsync(
            "the sign", pushes => pushes.Any(one => one.Push.Changed is not null && one.Push.Users.Contains(user)));
        return
        [
            .. all.Where(one => one.Push.Receipt is not null && one.Push.Users.Contains(user))
                .Select(one => one.Push.Receipt!.ReadSeq!.Value),
        ];
    }
}
