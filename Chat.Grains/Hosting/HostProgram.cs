using Chat.Ids;
using Chat.Storage;
using Chat.Storage.Sqlite;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Chat.Hosting;

/// <summary>What both programs do around their host.</summary>
public static class HostProgram
{
    /// <summary>
    /// Runs a program. What its operator has to mend (settings, a data directory or an address in use, a store that
    /// does not answer) is said in one line on standard error, without a stack trace, and ends with exit code 1.
    /// </summary>
    public static async Task<int> RunAsync(Func<Task> program)
    {
        PooledBuffers.KeepMore();
        try
        {
            await program();
            return 0;
        }
        catch (Exception e) when (WhatToMend(e) is { } line)
        {
            await Console.Error.WriteLineAsync(line);
            return 1;
        }
    }

    /// <summary>Brings the store to this version, then runs the host until it is told to stop.</summary>
    public static async Task RunChatAsync(this IHost host)
    {
        // Before anything runs, and before the host would log what it is told with a stack trace.
        host.Services.GetService<IStartupValidator>()?.Validate();
        AddressesInUse.Check(host.Services);
        var store = host.Services.GetRequiredService<IStoreSetup>();
        await store.ApplyMigrationsAsync(CancellationToken.None);
        host.Services.GetRequiredService<DirectIds>().TakeUp(await store.GetDirectKeyAsync(CancellationToken.None));
        await host.RunAsync();
    }

    private static string? WhatToMend(Exception e) => e switch
    {
        ConfigurationException or DataDirectoryInUseException or OptionsValidationException => e.Message,
        IOException { InnerException: AddressInUseException } => e.Message,
        PostgresException { SqlState: { } state } refused when IsRefusal(state) =>
            $"PostgreSQL refuses the connection: {refused.MessageText}.",
        NpgsqlException { IsTransient: true } => $"PostgreSQL does not answer: {e.Message}.",
        _ => null,
    };

    /// <summary>Of the user (class 28), the database (class 3D), or for lack of rights.</summary>
    private static bool IsRefusal(string state) =>
        state.StartsWith("28", StringComparison.Ordinal) || state.StartsWith("3D", StringComparison.Ordinal)
        || state == PostgresErrorCodes.InsufficientPrivilege;
}
