using Chat.Client;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Client;

/// <summary>What a device does about groups: it lacks no entry of its own changes, and says what it means.</summary>
public sealed class LivingInGroupsTests : IAsyncLifetime
{
    private const string Group = ScriptedLog.ConversationId;

    private readonly ScriptedLog _log = new();
    private ScriptedGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await ScriptedGateway.StartAsync(_log);

    public Task DisposeAsync() => _gateway.DisposeAsync().AsTask();

    public static TheoryData<string> Changes =>
        [
            SystemEvents.Created, SystemEvents.MembersAdded, SystemEvents.MemberRemoved, SystemEvents.MemberLeft,
            SystemEvents.MemberJoined, SystemEvents.RoleChanged, SystemEvents.TitleChanged,
        ];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task The_entry_of_ones_own_change_is_read_since_it_is_not_pushed(string change)
    {
        await using var alice = await Device.StartAsync(Device.Options("alice", _gateway));
        await using var bob = await Device.StartAsync(Device.Options("bob", _gateway));

        await ChangeAsync(alice.Chat, change);

        foreach (var device in new[] { alice, bob })
        {
            var heard = await device.Entries.UntilAsync($"{change} at {device.Chat.UserId}", all => all.Count == 1);
            Assert.Equal(change, heard[0].Message.Content.Event);
        }
    }

    [Fact]
    public async Task What_lies_before_ones_time_is_named_as_gone()
    {
        await using var bob = await Device.StartAsync(Device.Options("bob", _gateway));
        for (var n = 1; n <= 9; n++) _log.Append("alice", $"{n}");
        _log.TakeAway(9);
        await _gateway.PushAsync("MessageAppended", _log.Append("alice", "Bob is here"));

        Assert.Equal(["Bob is here"], await bob.TextsAsync(1));
        Assert.Equal((1, 9), (bob.Gone.Snapshot().Single().FromSeq, bob.Gone.Snapshot().Single().ToSeq));
    }

    [Theory]
    [InlineData(HubEncoding.MessagePack)]
    [InlineData(HubEncoding.Json)]
    public async Task Counts_of_a_large_groups_receipts_are_raised(HubEncoding encoding)
    {
        var heard = new Observed<ReceiptCounts>();
        await using var alice = Device.Make(new ChatConnectionOptions
        {
            Gateways = [_gateway.Address],
            UserId = "alice",
            Tokens = (_, _) => new("alice"),
            Encoding = encoding,
        });
        alice.Chat.ReceiptCounts += heard.Record;
        await alice.Chat.StartAsync();
        var counts = new ReceiptCounts
        {
            ConversationId = Group,
            Seq = 7,
            DeliveredCount = 900,
            ReadCount = 30,
            MemberCount = 999,
        };

        await _gateway.PushAsync(nameof(ReceiptCounts), counts);

        Assert.Equal(counts, (await heard.UntilAsync("the counts", all => all.Count == 1))[0]);
    }

    [Fact]
    public async Task Times_are_told_in_whole_seconds_and_never_as_less()
    {
        await using var alice = await Device.StartAsync(Device.Options("alice", _gateway));

        var muted = await alice.Chat.SetMutedAsync(Group, TimeSpan.FromSeconds(59.2));
        await alice.Chat.SetMutedAsync(Group, null);
        await alice.Chat.SetMutedAsync(Group, TimeSpan.MaxValue);
        var invite = await alice.Chat.CreateInviteAsync(Group, TimeSpan.FromHours(1), usesMax: 3);
        await alice.Chat.RevokeInviteAsync(Group, invite.Code);

        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(60), muted.MutedUntil);
        Assert.Equal(
            [
                new SetMutedRequest { ConversationId = Group, ForSeconds = 60 },
                new SetMutedRequest { ConversationId = Group },
                new SetMutedRequest { ConversationId = Group, ForSeconds = int.MaxValue },
                new CreateInviteRequest { ConversationId = Group, ExpiresAfterSeconds = 3_600, UsesMax = 3 },
                new InviteRequest { ConversationId = Group, Code = "secret" },
            ],
            _log.Asked.Snapshot());
    }

    private static Task ChangeAsync(ChatConnection chat, string change) => change switch
    {
        SystemEvents.Created => chat.CreateGroupAsync(new CreateGroupRequest { Title = "t", MemberIds = ["bob"] }),
        SystemEvents.MembersAdded => chat.AddMembersAsync(Group, ["bob"]),
        SystemEvents.MemberRemoved => chat.RemoveMemberAsync(Group, "carol"),
        SystemEvents.MemberLeft => chat.LeaveAsync(Group),
        SystemEvents.MemberJoined => chat.JoinByInviteAsync("code"),
        SystemEvents.RoleChanged => chat.SetRoleAsync(Group, "bob", Roles.Admin),
        _ => chat.UpdateGroupAsync(new UpdateGroupRequest { ConversationId = Group, Title = "new" }),
    };
}
