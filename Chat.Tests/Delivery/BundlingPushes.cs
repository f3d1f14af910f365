using System.IO.Pipelines;
using Chat.Conversations;
using Chat.Delivery;
using Chat.Gateway.Delivery;
using Chat.Gateway.Wire;
using Chat.Ids;
using Chat.Refusals;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using Xunit;

namespace Chat.Tests.Delivery;

/// <summary>Messages of one batch for the same users leave in one write to each of their connections.</summary>
public sealed class BundlingPushes : IDisposable
{
    private static readonly ConversationId Chat = new(new Guid(1, 2, 3, new byte[8]));

    /// <summary>Ends a message in JSON.</summary>
    private const byte RecordSeparator = 0x1E;

    private readonly ScriptedEndpoint _gateway = new();
    private readonly UserId[] _users = ScriptedCluster.Users(3);

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Each_connection_gets_all_of_them_in_order_at_once(IHubProtocol protocol)
    {
        var outputs = await ConnectAllAsync(protocol);

        await _gateway.Endpoint.Deliver(ScriptedCluster.Home, [Push(1), Push(2), Push(3)]);

        Assert.All(outputs, one => Assert.Equal([Bytes(protocol, 1, 2, 3)], one.Output.Written));
    }

    [Fact]
    public async Task No_more_than_sixteen_are_one_write()
    {
        var protocol = new JsonHubProtocol(Json());
        var outputs = await ConnectAllAsync(protocol);
        long[] seqs = [.. Enumerable.Range(1, 18)];

        await _gateway.Endpoint.Deliver(ScriptedCluster.Home, Array.ConvertAll(seqs, seq => Push(seq)));

        Assert.Equal([Bytes(protocol, seqs[..16]), Bytes(protocol, seqs[16..])], outputs[0].Output.Written);
    }

    [Fact]
    public async Task No_write_is_large()
    {
        var outputs = await ConnectAllAsync(new JsonHubProtocol(Json()));
        Push[] pushes = [Push(1), .. Enumerable.Range(2, 4).Select(seq => Long(Push(seq))), Push(6)];

        await _gateway.Endpoint.Deliver(ScriptedCluster.Home, pushes);

        Assert.Equal([2, 1, 1, 2], outputs[0].Output.Written.Select(Count));

        static Push Long(Push push) => push with
        {
            Message = push.Message! with { Content = new() { Kind = ContentKind.Text, Text = new string('a', 5_000) } },
        };

        static int Count(byte[] written) => written.Count(one => one == RecordSeparator);
    }

    [Fact]
    public async Task The_connection_that_one_of_them_came_from_gets_the_others()
    {
        var protocol = new JsonHubProtocol(Json());
        var outputs = await ConnectAllAsync(protocol);
        var origin = outputs[1].Connection.Key;

        await _gateway.Endpoint.Deliver(ScriptedCluster.Home, [Push(1), Push(2, origin), Push(3)]);

        Assert.Equal(
            Bytes(protocol, 1, 3), outputs[1].Output.Written.SelectMany(written => written));
        Assert.Equal([Bytes(protocol, 1, 2, 3)], outputs[0].Output.Written);
    }

    [Fact]
    public async Task What_is_not_for_the_same_users_or_no_message_stays_in_its_place()
    {
        var protocol = new JsonHubProtocol(Json());
        var outputs = await ConnectAllAsync(protocol);
        var aside = Push(3) with { Users = [_users[0]] };

        await _gateway.Endpoint.Deliver(
            ScriptedCluster.Home, [Push(1), Push(2), aside, new Push(_users, Resync: true), Push(4), Push(5)]);

        Assert.Equal(
            [Bytes(protocol, 1, 2), Bytes(protocol, 3), ResyncIn(protocol), Bytes(protocol, 4), Bytes(protocol, 5)],
            outputs[0].Output.Written);
        Assert.Equal(
            [Bytes(protocol, 1, 2), ResyncIn(protocol), Bytes(protocol, 4), Bytes(protocol, 5)],
            outputs[1].Output.Written);
    }

    public static TheoryData<IHubProtocol> Protocols() =>
        new(new JsonHubProtocol(Json()), new MessagePackHubProtocol(Options.Create(
            new Microsoft.AspNetCore.SignalR.MessagePackHubProtocolOptions
            {
                SerializerOptions = ChatMessagePack.Create(new ChatLimits()),
            })));

    public void Dispose() => _gateway.Dispose();

    private static IOptions<Microsoft.AspNetCore.SignalR.JsonHubProtocolOptions> Json() =>
        Options.Create(new Microsoft.AspNetCore.SignalR.JsonHubProtocolOptions
        {
            PayloadSerializerOptions = ChatJson.Create(new ChatLimits()),
        });

    private async Task<(ClientConnection Connection, RecordedWrites Output)[]> ConnectAllAsync(IHubProtocol protocol)
    {
        var all = new List<(ClientConnection, RecordedWrites)>();
        foreach (var user in _users)
        {
            var output = new RecordedWrites();
            all.Add((await _gateway.ConnectAsync(user, protocol, output), output));
        }

        return [.. all];
    }

    private Push Push(long seq, long except = 0) => new(_users, Message: Message(seq), Except: except);

    private static byte[] Bytes(IHubProtocol protocol, params long[] seqs) =>
        [.. seqs.SelectMany(seq => protocol.GetMessageBytes(
            new InvocationMessage(ServerCallbacks.MessageAppended, [Message(seq)])).ToArray())];

    private static byte[] ResyncIn(IHubProtocol protocol) => protocol.GetMessageBytes(
        new InvocationMessage(ServerCallbacks.ResyncRequired, [new ResyncRequired(null)])).ToArray();

    private static Message Message(long seq) => new(
        Chat, seq, $"m{seq}", new UserId(new Guid(4, 5, 6, new byte[8])), DateTimeOffset.UnixEpoch,
        new Content { Kind = ContentKind.Text, Text = $"text {seq}" });

    /// <summary>A transport that takes everything, and what was flushed to it, write by write.</summary>
    private sealed class RecordedWrites : PipeWriter
    {
        private readonly System.Buffers.ArrayBufferWriter<byte> _open = new();

        internal List<byte[]> Written { get; } = [];

        public override void Advance(int bytes) => _open.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => _open.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => _open.GetSpan(sizeHint);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            Written.Add(_open.WrittenSpan.ToArray());
            _open.ResetWrittenCount();
            return new(new FlushResult(isCanceled: false, isCompleted: false));
        }

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
