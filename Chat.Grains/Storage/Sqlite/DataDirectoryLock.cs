using Chat.Hosting;

namespace Chat.Storage.Sqlite;

/// <summary>
/// Keeps the data directory to this process: an operating system's lock on <c>chat.lock</c>, which ends with the
/// process however that ends.
/// </summary>
/// <remarks>Not promised: a file system without locks (some network mounts) does not notice a second process.</remarks>
public sealed class DataDirectoryLock : IDisposable
{
    private const string FileName = "chat.lock";

    private readonly FileStream _file;

    private DataDirectoryLock(string directory, FileStream file)
    {
        Directory = directory;
        _file = file;
    }

    /// <summary>Absolute path.</summary>
    public string Directory { get; }

    /// <summary>Makes the directory where it is missing, for its owner's eyes only, and takes the lock.</summary>
    /// <exception cref="DataDirectoryInUseException">Another process has it.</exception>
    /// <exception cref="ConfigurationException">It can't be made or written to.</exception>
    public static DataDirectoryLock Take(string directory)
    {
        directory = Path.GetFullPath(directory);
        try
        {
            CreatePrivate(directory);
            return new DataDirectoryLock(directory, new FileStream(Path.Combine(directory, FileName), LockOptions()));
        }
        catch (IOException e) when (IsHeldByAnother(e))
        {
            throw new DataDirectoryInUseException(directory, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"The data directory {directory} can't be used: {e.Message}", e);
        }
    }

    public void Dispose() => _file.Dispose();

    private static void CreatePrivate(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            System.IO.Directory.CreateDirectory(directory);
            return;
        }

        System.IO.Directory.CreateDirectory(
            directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static FileStreamOptions LockOptions()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        return options;
    }

    // EWOULDBLOCK of Linux, of macOS and the BSDs, ERROR_SHARING_VIOLATION of Windows.
    private static bool IsHeldByAnother(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);
}

/// <summary>Another process works on the data directory.</summary>
public sealed class DataDirectoryInUseException : Exception
{
    public DataDirectoryInUseException()
    {
    }

    public DataDirectoryInUseException(string directory, Exception? cause)
        : base(
            $"The data directory '{directory}' is in use by another process. "
            + "Stop that one, or give this one a directory of its own (Chat__DataDirectory).",
            cause)
    {
    }

    public DataDirectoryInUseException(string message)
        : base(message)
    {
    }
}
