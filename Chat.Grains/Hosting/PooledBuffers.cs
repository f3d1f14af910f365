namespace Chat.Hosting;

/// <summary>How many buffers of a size the runtime's shared pool keeps for each processor.</summary>
internal static class PooledBuffers
{
    /// <summary>The runtime reads it at the first rent, from the environment alone (SharedArrayPoolStatics).</summary>
    public const string Setting = "DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION";

    /// <summary>
    /// Hundreds of connections receive at once, each into a buffer of 4 KiB. Of those that come back the pool drops all
    /// but 32 a processor by default: more than a third of what a message allocated (docs/measurements.md).
    /// </summary>
    private const string Kept = "1024";

    /// <summary>To be called before anything is rented; what the operator has set stays.</summary>
    public static void KeepMore()
    {
        if (Environment.GetEnvironmentVariable(Setting) is null) Environment.SetEnvironmentVariable(Setting, Kept);
    }
}
