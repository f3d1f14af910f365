namespace Chat.Tests.Harness;

/// <summary>A directory of one test, deleted with it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    internal TemporaryDirectory(string purpose) =>
        Path = Directory.CreateTempSubdirectory($"chat-{purpose}-").FullName;

    internal string Path { get; }

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
