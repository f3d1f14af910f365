using System.Globalization;

namespace Chat.Tests.Harness;

/// <summary>Where Debian keeps PostgreSQL's server programs, and the user that may run them.</summary>
internal static class PostgresPrograms
{
    private const string Versions = "/usr/lib/postgresql";
    private const int OldestVersion = 15;

    /// <summary>PostgreSQL refuses to run as root.</summary>
    internal static string? User { get; } = Environment.IsPrivilegedProcess ? "postgres" : null;

    private static readonly Lazy<string> Bin = new(Find);

    internal static string PathOf(string program) => Path.Combine(Bin.Value, program);

    private static string Find()
    {
        var versions = Directory.Exists(Versions) ? Directory.GetDirectories(Versions) : [];
        var newestFirst =
            from directory in versions
            let version = int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var n) ? n : 0
            where version >= OldestVersion && File.Exists(Path.Combine(directory, "bin", "initdb"))
            orderby version == OldestVersion descending, version descending
            select Path.Combine(directory, "bin");
        return newestFirst.FirstOrDefault() ?? throw new InvalidOperationException(
            $"No PostgreSQL server (version {OldestVersion} or newer) under {Versions}; ./test.sh installs it.");
    }
}
