using System.Net;
using Microsoft.Extensions.Configuration;

namespace Chat.Hosting;

/// <summary>What a process is in the cluster.</summary>
public enum ClusterRole
{
    /// <summary>Everything in one process, on SQLite.</summary>
    Standalone,

    /// <summary>Holds the entity grains and no sockets of clients.</summary>
    Silo,

    /// <summary>Holds client connections and no entity grain.</summary>
    Gateway,
}

/// <summary>How a process finds its cluster, from the contract's settings.</summary>
public sealed class ClusterOptions
{
    public required ClusterRole Role { get; init; }

    /// <summary>PostgreSQL; null: standalone.</summary>
    public string? ConnectionString { get; init; }
    public string DataDirectory { get; init; } = "data";
    public string ClusterId { get; init; } = "chat";
    public string ServiceId { get; init; } = "chat";

    /// <summary>TCP ports of Orleans; null: standalone takes what is free.</summary>
    public int? SiloPort { get; init; }
    public int? SiloGatewayPort { get; init; }
    public IPAddress AdvertisedAddress { get; init; } = IPAddress.Loopback;

    public bool HostsEntities => Role is not ClusterRole.Gateway;

    public static ClusterOptions From(IConfiguration configuration, bool isGateway)
    {
        var connectionString = configuration.GetConnectionString("Chat");
        var isStandalone = isGateway && string.IsNullOrWhiteSpace(connectionString);
        if (!isGateway && string.IsNullOrWhiteSpace(connectionString))
            throw new ConfigurationException("ConnectionStrings__Chat is needed: a silo is part of a cluster.");
        return new ClusterOptions
        {
            Role = isStandalone ? ClusterRole.Standalone : isGateway ? ClusterRole.Gateway : ClusterRole.Silo,
            ConnectionString = isStandalone ? null : connectionString,
            DataDirectory = configuration["Chat:DataDirectory"] ?? "data",
            ClusterId = configuration["Chat:ClusterId"] ?? "chat",
            ServiceId = configuration["Chat:ServiceId"] ?? "chat",
            SiloPort = Port(configuration, "Chat:SiloPort", isStandalone ? null : 11_111),
            SiloGatewayPort = Port(configuration, "Chat:SiloGatewayPort", isStandalone ? null : 30_000),
            AdvertisedAddress = Address(configuration["Chat:AdvertisedAddress"]),
        };
    }

    private static int? Port(IConfiguration configuration, string key, int? otherwise)
    {
        if (configuration[key] is not { Length: > 0 } text) return otherwise;
        return ushort.TryParse(text, out var port)
            ? port
            : throw new ConfigurationException($"{key.Replace(":", "__")} is no TCP port.");
    }

    private static IPAddress Address(string? text)
    {
        if (string.IsNullOrEmpty(text)) return IPAddress.Loopback;
        if (IPAddress.TryParse(text, out var address)) return address;
        try
        {
            return Dns.GetHostAddresses(text)[0];
        }
        catch (Exception e)
        {
            throw new ConfigurationException("Chat__AdvertisedAddress is no address and no name of one.", e);
        }
    }
}

/// <summary>The configuration can't be run with; the message is for the operator and the exit code is 1.</summary>
public sealed class ConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
