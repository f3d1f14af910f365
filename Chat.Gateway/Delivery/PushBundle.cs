using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Chat.Gateway.Delivery;

/// <summary>
/// Messages for the same connections, in order. Both hub protocols let several stand one after the other in a frame, so
/// a connection that can take them gets them as one write: most of what a push to many costs is the write to its
/// socket. Encoded once per protocol. Not thread-safe.
/// </summary>
internal sealed class PushBundle(BundledPush[] pushes)
{
    private readonly List<(IHubProtocol Protocol, SerializedHubMessage Message)> _whole = new(capacity: 2);

    public ReadOnlySpan<BundledPush> Pushes => pushes;

    /// <summary>One of them came from this connection, which is not to get it.</summary>
    public bool IsFrom(long connection) => Array.Exists(pushes, push => push.Except == connection);

    public SerializedHubMessage WholeIn(IHubProtocol protocol)
    {
        foreach (var (known, message) in _whole)
            if (ReferenceEquals(known, protocol)) return message;
        var bytes = new List<byte>();
        foreach (var push in pushes) bytes.AddRange(push.Message.GetSerializedMessage(protocol).Span);
        var whole = new SerializedHubMessage([new SerializedMessage(protocol.Name, bytes.ToArray())]);
        _whole.Add((protocol, whole));
        return whole;
    }
}

/// <param name="Except">The key of the connection that it came from; 0: of none.</param>
internal readonly record struct BundledPush(SerializedHubMessage Message, long Except);
