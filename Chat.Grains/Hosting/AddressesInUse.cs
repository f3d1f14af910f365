using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Chat.Hosting;

/// <summary>
/// Looks whether another program listens where this one is about to, before anything starts: the host and Orleans
/// would log what they find with a stack trace, and a silo would have joined its cluster by then.
/// <para><b>Not promised.</b> Who takes an address between the look and the start is found by them.</para>
/// </summary>
internal static class AddressesInUse
{
    private const string HttpDefault = "http://localhost:5000";

    /// <exception cref="ConfigurationException">An address is taken.</exception>
    public static void Check(IServiceProvider services)
    {
        foreach (var url in Urls(services.GetRequiredService<IConfiguration>()))
        {
            foreach (var endpoint in Endpoints(BindingAddress.Parse(url)))
                Refuse(endpoint, url, "ASPNETCORE_URLS or --urls");
        }

        var orleans = services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        RefuseOf(orleans.SiloListeningEndpoint, orleans.SiloPort, "Chat__SiloPort");
        RefuseOf(orleans.GatewayListeningEndpoint, orleans.GatewayPort, "Chat__SiloGatewayPort");

        void RefuseOf(IPEndPoint? listening, int port, string setting)
        {
            var endpoint = listening ?? new IPEndPoint(orleans.AdvertisedIPAddress, port);
            Refuse(endpoint, $"{endpoint}", setting);
        }
    }

    private static void Refuse(IPEndPoint endpoint, string address, string setting)
    {
        if (endpoint.Port != 0 && IsTaken(endpoint))
            throw new ConfigurationException($"{address}: address already in use. Another one is set by {setting}.");
    }

    /// <summary>As Kestrel finds them; what is set in its own section is left to it.</summary>
    private static string[] Urls(IConfiguration configuration)
    {
        if (configuration["urls"] is { Length: > 0 } urls) return Parts(urls);
        if (configuration["http_ports"] is { Length: > 0 } ports)
            return Array.ConvertAll(Parts(ports), port => $"http://*:{port}");
        return configuration.GetSection("Kestrel:Endpoints").Exists() ? [] : [HttpDefault];
    }

    private static string[] Parts(string list) => list.Split(';', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A name that is no address stands for all interfaces, as Kestrel has it.</summary>
    private static IPEndPoint[] Endpoints(BindingAddress address)
    {
        if (address.IsUnixPipe || address.IsNamedPipe) return [];
        if (address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return [new(IPAddress.Loopback, address.Port), new(IPAddress.IPv6Loopback, address.Port)];
        var all = Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        return [new(IPAddress.TryParse(address.Host, out var ip) ? ip : all, address.Port)];
    }

    private static bool IsTaken(IPEndPoint endpoint)
    {
        try
        {
            using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (endpoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(endpoint);
            return false;
        }
        catch (SocketException e)
        {
            // Whatever else is wrong with it is said by who is to listen there.
            return e.SocketErrorCode is SocketError.AddressAlreadyInUse;
        }
    }
}
