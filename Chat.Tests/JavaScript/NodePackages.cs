using Chat.Tests.Harness;

namespace Chat.Tests.JavaScript;

/// <summary>The npm packages of <c>conversation.mjs</c>, as its lock file pins them.</summary>
internal static class NodePackages
{
    internal static string Folder { get; } = Path.Combine(ChatProgram.Root, "Chat.Tests", "JavaScript");

    /// <summary>Runs <c>npm ci</c> where the lock file is newer than what it last restored.</summary>
    internal static async Task RestoreAsync()
    {
        var wanted = new FileInfo(Path.Combine(Folder, "package-lock.json"));
        // npm writes this file last.
        var restored = new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json"));
        if (restored.Exists && restored.LastWriteTimeUtc >= wanted.LastWriteTimeUtc) return;
        await ChildProcess.RunAsync(
            new ChildCommand("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
            {
                WorkingDirectory = Folder,
            },
            TimeSpan.FromMinutes(2));
    }
}
