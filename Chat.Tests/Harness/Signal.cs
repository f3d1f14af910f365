using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Chat.Tests.Harness;

/// <summary>Linux signals, by process id.</summary>
internal enum Signal
{
    Probe = 0,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

internal static class Signals
{
    private const int NoSuchProcess = 3;

    /// <summary>Sends <paramref name="signal"/>; false when there is no such process.</summary>
    internal static bool Send(Signal signal, int processId)
    {
        // kill(2) reads 0 and negative ids as whole process groups.
        ArgumentOutOfRangeException.ThrowIfLessThan(processId, 2);
        if (kill(processId, (int)signal) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new Win32Exception(error);
    }

    /// <summary>Whether a process runs under that id; one that has ended but was not reaped does not.</summary>
    internal static bool IsAlive(int processId)
    {
        if (!Send(Signal.Probe, processId)) return false;
        try
        {
            // "pid (name) state …": the name may hold anything, so the state stands behind the last parenthesis.
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            // Ended between the two looks.
            return false;
        }
    }

#pragma warning disable SYSLIB1054 // LibraryImport would need unsafe code in the whole test project for this one call.
#pragma warning disable IDE1006 // The name is the C library's.
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int processId, int signal);
#pragma warning restore IDE1006, SYSLIB1054
}
