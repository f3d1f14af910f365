namespace Chat.Tests.Harness;

/// <summary>One of our programs.</summary>
/// <param name="Name">Its project's name.</param>
/// <param name="Directory">
/// Where it was published to: this folder, or the one of its name in it. Absent: its own build output, in the
/// configuration of this assembly.
/// </param>
internal sealed record ChatProgram(string Name, string? Directory = null)
{
    internal static readonly ChatProgram Gateway = new("Chat.Gateway");

    internal static readonly ChatProgram Silo = new("Chat.Silo");

    private static readonly Lazy<string> Checkout = new(FindRoot);

    /// <summary>The checkout that this assembly was built in.</summary>
    internal static string Root => Checkout.Value;

    internal string Assembly
    {
        get
        {
            var places = Places.Select(place => Path.Combine(place, Name + ".dll")).ToArray();
            return places.FirstOrDefault(File.Exists)
                ?? throw new FileNotFoundException(
                    $"{string.Join(" or ", places)} is not there: build or publish {Name}.");
        }
    }

    private IEnumerable<string> Places
    {
        get
        {
            // …/<project>/bin/<configuration>/<framework>/
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            return Directory is null
                ? [Path.Combine(Root, Name, "bin", output.Parent!.Name, output.Name)]
                : [Path.GetFullPath(Directory), Path.Combine(Path.GetFullPath(Directory), Name)];
        }
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Chat.sln"))) return at.FullName;
        }

        throw new DirectoryNotFoundException($"No Chat.sln above {AppContext.BaseDirectory}.");
    }
}
