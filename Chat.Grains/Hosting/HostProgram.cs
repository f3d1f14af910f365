using Chat.Ids;
using Chat.Storage;
using Chat.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Chat.Hosting;

/// <summary>What both programs do around their host.</summary>
public static class HostProgram
{
    /// <summary>
    /// Runs a program. What its operator has to mend (settings, a data directory in use) is said in one line on
    /// standard error, without a stack trace, and ends with exit code 1.
    /// </summary>
    public static async Task<int> RunAsync(Func<Task> program)
    {
        try
        {
            await program();
            return 0;
        }
        catch (Exception e) when (
            e is ConfigurationException or DataDirectoryInUseException or OptionsValidationException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    /// <summary>Brings the store to this version, then runs the host until it is told to stop.</summary>
    public static async Task RunChatAsync(this IHost host)
    {
        var store = host.Services.GetRequiredService<IStoreSetup>();
        await store.ApplyMigrationsAsync(CancellationToken.None);
        host.Services.GetRequiredService<DirectIds>().TakeUp(await store.GetDirectKeyAsync(CancellationToken.None));
        await host.RunAsync();
    }
}
