using System.Net;
using System.Net.Sockets;

namespace Chat.Tests.Harness;

/// <summary>Hands out loopback ports that nobody listens on, each once per test run.</summary>
internal static class LoopbackPort
{
    // Below Linux's ephemeral range (32768 on): no outgoing connection can take a port while its server is down.
    private const int First = 20_000;
    private const int Last = 32_000;

    private static int _next = Random.Shared.Next(First, Last);

    internal static int Next()
    {
        for (var tries = 0; tries < Last - First; tries++)
        {
            var port = First + (Interlocked.Increment(ref _next) % (Last - First));
            if (IsFree(port)) return port;
        }

        throw new InvalidOperationException($"No free loopback port between {First} and {Last}.");
    }

    private static bool IsFree(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
