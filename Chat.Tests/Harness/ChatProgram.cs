namespace Chat.Tests.Harness;

/// <summary>One of our server programs, as built beside this test assembly.</summary>
internal sealed record ChatProgram(string Name)
{
    internal static readonly ChatProgram Gateway = new("Chat.Gateway");

    internal static readonly ChatProgram Silo = new("Chat.Silo");

    /// <summary>The checkout that this test assembly was built in.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>Its own build output, in the configuration of this test assembly.</summary>
    internal string Assembly
    {
        get
        {
            // …/Chat.Tests/bin/<configuration>/<framework>/
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            var path = Path.Combine(Root, Name, "bin", output.Parent!.Name, output.Name, Name + ".dll");
            return File.Exists(path)
                ? path
                : throw new FileNotFoundException($"{path} is not there: build {Name} in the tests' configuration.");
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
