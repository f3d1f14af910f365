using Chat.Conversations;
using Chat.Delivery;
using Chat.Ids;
using Chat.Receipts;
using Chat.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Delivery;

/// <summary>
/// The silo that told where members are died while an entry was committed: they are asked for anew, and get the push
/// wherever they are by then.
/// </summary>
public sealed class PushingAfterASilosDeath
{
    private static readonly SiloAddress East = ScriptedCluster.Silo(11);
    private static readonly SiloAddress West = ScriptedCluster.Silo(12);
    private static readonly ConversationId Chat = new(new Guid(1, 2, 3, new byte[8]));

    private readonly ScriptedCluster _cluster = new();
    private readonly UserId[] _users = ScriptedCluster.Users(3);

    [Fact]
    public async Task A_message_reaches_a_member_who_is_elsewhere_by_then()
    {
        var fanout = _cluster.Fanout();
        var audience = await GatherAsync(fanout);

        LoseTheirSilo();
        fanout.PushMessage(Message(7), audience, origin: 2);

        // Once each, and not to the connection that sent it.
        Assert.Equal([(West, _users[0]), (West, _users[2])], await DeliveredAsync(2, push => push.Message!.Seq == 7));
    }

    [Fact]
    public async Task What_is_meant_for_some_members_alone_reaches_them_too()
    {
        var fanout = _cluster.Fanout();
        await GatherAsync(fanout);

        LoseTheirSilo();
        fanout.PushChanged(Chat, [_users[0], _users[2]], origin: 0);

        Assert.Equal([(West, _users[0]), (West, _users[2])], await DeliveredAsync(2, push => push.Changed == Chat));
    }

    [Fact]
    public async Task A_receipt_is_not_kept_back_so_that_it_overtakes_no_later_one()
    {
        var fanout = _cluster.Fanout();
        await GatherAsync(fanout);

        LoseTheirSilo();
        fanout.PushReceipt(new ReceiptAdvanced(Chat, _users[1], 7, 7, DateTimeOffset.UnixEpoch), _users, origin: 0);
        fanout.PushChanged(Chat, [_users[0]], origin: 0);

        Assert.Equal([(West, _users[0])], await DeliveredAsync(1, push => push.Changed == Chat));
        Assert.Single(_cluster.Delivered.Snapshot());
    }

    [Fact]
    public async Task A_member_whose_grain_is_away_keeps_it_from_nobody_else_and_resumes_once_he_is_known()
    {
        var time = new FakeTimeProvider();
        var fanout = _cluster.Fanout(time: time);
        var audience = await GatherAsync(fanout);

        LoseTheirSilo();
        _cluster.Away.Add(_users[2]);
        fanout.PushMessage(Message(7), audience, origin: 0);
        Assert.Equal(
            [(West, _users[0]), (West, _users[1])], await DeliveredAsync(2, push => push.Message?.Seq == 7));

        _cluster.Away.Clear();
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([(West, _users[2])], await DeliveredAsync(1, push => push.Resync));
    }

    [Fact]
    public async Task Who_stays_away_is_asked_for_a_few_times_and_no_more()
    {
        var fanout = _cluster.Fanout(time: new PassingTime());
        var audience = await GatherAsync(fanout);

        LoseTheirSilo();
        _cluster.Away.Add(_users[2]);
        fanout.PushMessage(Message(7), audience, origin: 0);

        await DeliveredAsync(2, push => push.Message?.Seq == 7);
        Assert.Equal(1 + Fanout.AsksMax, _cluster.Subscribed.Count(user => user == _users[2]));
    }

    /// <summary>All three at one gateway, as it was before.</summary>
    private async Task<Audience> GatherAsync(Fanout fanout)
    {
        for (var i = 0; i < _users.Length; i++) _cluster.Put(_users[i], (East, i + 1));
        var audience = fanout.Gather(_users, isDirect: false);
        await audience.EnsureAsync();
        return audience;
    }

    /// <summary>Their grains' successors know them at the other gateway.</summary>
    private void LoseTheirSilo()
    {
        for (var i = 0; i < _users.Length; i++) _cluster.Put(_users[i], (West, i + 1));
        _cluster.Die(ScriptedCluster.Home);
    }

    private async Task<(SiloAddress, UserId)[]> DeliveredAsync(int users, Func<Push, bool> isIt)
    {
        var delivered = await _cluster.Delivered.UntilAsync(
            $"{users} users to get it",
            all => all.Where(one => isIt(one.Push)).Sum(one => one.Push.Users.Length) >= users);
        return [.. delivered.Where(one => isIt(one.Push))
            .SelectMany(one => one.Push.Users.Select(user => (one.Gateway, user)))];
    }

    private Message Message(long seq)
    {
        var content = new Content { Kind = ContentKind.Text, Text = "hello" };
        return new Message(Chat, seq, "m", _users[1], DateTimeOffset.UnixEpoch, content);
    }
}
