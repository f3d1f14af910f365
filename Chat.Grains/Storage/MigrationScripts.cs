using System.Security.Cryptography;
using System.Text;

namespace Chat.Storage;

/// <summary>One embedded script: <c>Storage/Migrations/Folder/NNNN-name.sql</c>.</summary>
/// <param name="Name">File name without its ending; the number orders it.</param>
/// <param name="Checksum">SHA-256 of the text, in hexadecimal.</param>
internal sealed record MigrationScript(string Name, string Text, string Checksum);

/// <summary>The embedded scripts of a store, and what of them is still to be applied.</summary>
internal static class MigrationScripts
{
    /// <returns>In the order of their numbers.</returns>
    public static IReadOnlyList<MigrationScript> Of(string folder)
    {
        var assembly = typeof(MigrationScripts).Assembly;
        var prefix = $"Chat.Storage.Migrations.{folder}.";
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
                return Script(name[prefix.Length..^".sql".Length], reader.ReadToEnd());
            })];
    }

    public static MigrationScript Script(string name, string text)
    {
        // A checkout with other line ends is the same script.
        var normal = text.ReplaceLineEndings("\n");
        var checksum = SHA256.HashData(Encoding.UTF8.GetBytes(normal));
        return new MigrationScript(name, normal, Convert.ToHexStringLower(checksum));
    }

    /// <summary>Those of <paramref name="embedded"/> that the store has not applied yet.</summary>
    /// <param name="applied">Name to checksum, as the store recorded them.</param>
    /// <exception cref="InvalidOperationException">
    /// An applied one differs, or one was added before an applied one.
    /// </exception>
    public static IReadOnlyList<MigrationScript> Missing(
        IReadOnlyList<MigrationScript> embedded, IReadOnlyDictionary<string, string> applied)
    {
        var missing = new List<MigrationScript>();
        foreach (var script in embedded)
        {
            if (!applied.TryGetValue(script.Name, out var checksum))
                missing.Add(script);
            else if (checksum != script.Checksum)
                throw new InvalidOperationException(
                    $"Migration {script.Name} was applied with checksum {checksum}, but this program carries "
                    + $"{script.Checksum}. An applied migration never changes: add a new one.");
            else if (missing.Count > 0)
                throw new InvalidOperationException(
                    $"Migration {missing[0].Name} is not applied, although the later {script.Name} is. "
                    + "A new migration takes the next number.");
        }
        return missing;
    }
}
