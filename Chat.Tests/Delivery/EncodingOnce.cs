using System.Buffers;
using System.IO.Pipelines;
using Chat.Delivery;
using Chat.Ids;
using Chat.Presence;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Xunit;

namespace Chat.Tests.Delivery;

/// <summary>At a gateway a push is encoded once for each protocol, and not for each connection.</summary>
public sealed class EncodingOnce : IDisposable
{
    private static readonly ConversationId Chat = new(new Guid(1, 2, 3, new byte[8]));

    private readonly ScriptedEndpoint _gateway = new();
    private readonly UserId[] _users = ScriptedCluster.Users(4);

    [Fact]
    public async Task Of_four_connections_with_two_protocols_each_gets_one_of_two_encodings()
    {
        var (json, packed) = (new CountingProtocol("json"), new CountingProtocol("messagepack"));
        CountingProtocol[] protocols = [json, json, packed, packed];
        var sockets = await Task.WhenAll(_users.Select((user, i) => ConnectAsync(user, protocols[i])));

        await _gateway.Endpoint.Deliver(
            ScriptedCluster.Home, [new Push(_users, Typing: new TypingChanged(Chat, _users[0], Typing: true))]);

        foreach (var (socket, protocol) in sockets.Zip(protocols))
            Assert.Equal(protocol.Bytes.ToArray(), (await socket.ReadAsync()).Buffer.ToArray());
        Assert.Equal((1, 1), (json.Encoded, packed.Encoded));
    }

    public void Dispose() => _gateway.Dispose();

    /// <returns>The client's end.</returns>
    private async Task<PipeReader> ConnectAsync(UserId user, IHubProtocol protocol)
    {
        var toClient = new Pipe();
        await _gateway.ConnectAsync(user, protocol, toClient.Writer);
        return toClient.Reader;
    }

    /// <summary>Encodes all as its own name, and counts.</summary>
    private sealed class CountingProtocol(string name) : IHubProtocol
    {
        internal ReadOnlyMemory<byte> Bytes { get; } = System.Text.Encoding.ASCII.GetBytes(name);

        internal int Encoded { get; private set; }

        public string Name => name;

        public int Version => 1;

        public TransferFormat TransferFormat => TransferFormat.Binary;

        public bool IsVersionSupported(int version) => true;

        public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message)
        {
            Encoded++;
            return Bytes;
        }

        public void WriteMessage(HubMessage message, IBufferWriter<byte> output) =>
            output.Write(GetMessageBytes(message).Span);

        public bool TryParseMessage(
            ref ReadOnlySequence<byte> input, IInvocationBinder binder, out HubMessage message) =>
            throw new NotSupportedException();
    }
}
