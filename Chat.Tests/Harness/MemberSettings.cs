using System.Globalization;

namespace Chat.Tests.Harness;

/// <summary>The environments that members of a temporary deployment are started with.</summary>
internal static class MemberSettings
{
    /// <summary>Rate limits out of the way of whatever is not about them.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Generous = new Dictionary<string, string>
    {
        ["Chat__Limits__SendsPerSecond"] = "1000000",
        ["Chat__Limits__SendBurst"] = "1000000",
    };

    /// <summary>One process with everything in it; the store lies in its data directory.</summary>
    internal static Dictionary<string, string> OfStandalone(string dataDirectory) => new(Generous)
    {
        ["Chat__DataDirectory"] = dataDirectory,
        // Ports of its own even where it needs none: the defaults may be taken on a developer's machine.
        ["Chat__SiloPort"] = FreePort(),
        ["Chat__SiloGatewayPort"] = FreePort(),
    };

    /// <summary>A gateway or silo of a cluster; each call gives ports of its own.</summary>
    internal static Dictionary<string, string> OfCluster(
        string clusterId, string connectionString, string signingKey, string dataDirectory) =>
        new(OfStandalone(dataDirectory))
        {
            ["ConnectionStrings__Chat"] = connectionString,
            ["Chat__AdvertisedAddress"] = "127.0.0.1",
            ["Chat__ClusterId"] = clusterId,
            ["Chat__ServiceId"] = "chat",
            ["Chat__Auth__SigningKey"] = signingKey,
        };

    private static string FreePort() => LoopbackPort.Next().ToString(CultureInfo.InvariantCulture);
}
