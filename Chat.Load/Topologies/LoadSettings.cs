using System.Security.Cryptography;

namespace Chat.Load.Topologies;

/// <summary>Where servers started for a load differ from production.</summary>
internal static class LoadSettings
{
    /// <summary>Thousands of accounts are made beforehand; hashing their passwords is not measured.</summary>
    public static readonly IReadOnlyDictionary<string, string> Members = new Dictionary<string, string>
    {
        ["Chat__Auth__PasswordIterations"] = "1000",
        ["Logging__LogLevel__Default"] = "Warning",
    };

    /// <summary>Memory as the peers' that are measured beside ours; durability stays the default.</summary>
    public static readonly IReadOnlyDictionary<string, string> Postgres = new Dictionary<string, string>
    {
        ["shared_buffers"] = "512MB",
        ["max_wal_size"] = "4GB",
    };

    public static string NewSigningKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(48));
}
