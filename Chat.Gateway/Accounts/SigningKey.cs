using System.Security.Cryptography;
using Chat.Hosting;

namespace Chat.Gateway.Accounts;

/// <summary>The key that signs local accounts' tokens: all gateways of a cluster share it.</summary>
internal static class SigningKey
{
    private const int BytesMin = 32;
    private const string FileName = "signing.key";

    /// <returns>Null: the cluster takes tokens of its outside issuer alone.</returns>
    /// <exception cref="ConfigurationException">There is none, or it is not one.</exception>
    public static byte[]? Find(AuthOptions options, ClusterOptions cluster)
    {
        if (!string.IsNullOrWhiteSpace(options.SigningKey))
            return Decode(options.SigningKey, "Chat__Auth__SigningKey");
        if (cluster.Role is ClusterRole.Standalone)
            return FindOrMake(Path.Combine(cluster.DataDirectory, FileName));
        return !string.IsNullOrWhiteSpace(options.Authority)
            ? null
            : throw new ConfigurationException(
                "A cluster needs Chat__Auth__SigningKey (base64 of 32 bytes or more, the same for every gateway) "
                + "or Chat__Auth__Authority.");
    }

    private static byte[] FindOrMake(string path)
    {
        if (!File.Exists(path))
            Make(path);
        return Decode(File.ReadAllText(path), path);
    }

    /// <summary>Writes it whole or not at all; where another process was first, that one's stays.</summary>
    private static void Make(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var part = $"{path}.{Environment.ProcessId}";
        var file = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
        };
        if (!OperatingSystem.IsWindows())
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(part, file))
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write(Convert.ToBase64String(RandomNumberGenerator.GetBytes(BytesMin)));
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(part, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made one meanwhile, and tokens may be signed with it: ours is dropped.
            File.Delete(part);
        }
    }

    private static byte[] Decode(string text, string source)
    {
        var key = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.Trim(), key, out var length) || length < BytesMin)
            throw new ConfigurationException($"{source} is not the base64 form of at least {BytesMin} bytes.");
        return key[..length];
    }
}
