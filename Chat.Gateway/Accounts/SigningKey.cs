using System.Security.Cryptography;
using System.Text;
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

    /// <summary>
    /// Opened for this process alone, so that of two that start at once one makes the key and the other ends: which it
    /// would do in any case, since the data directory is for one process.
    /// </summary>
    private static byte[] FindOrMake(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using var file = new FileStream(path, options);
            if (file.Length == 0)
            {
                file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(BytesMin))));
                file.Flush(flushToDisk: true);
                file.Position = 0;
            }
            using var text = new StreamReader(file);
            return Decode(text.ReadToEnd(), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path} can't be opened, or another process is using it.", e);
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
