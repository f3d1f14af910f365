using System.Security.Cryptography;
using Chat.Client;
using Chat.Load.Reporting;

namespace Chat.Load.Accounts;

/// <summary>Makes users and signs them in over REST, before anything is measured.</summary>
internal static class Provisioning
{
    // Servers hash passwords few at a time and refuse a crowd.
    private const int AtOnce = 16;

    public static async Task<Account[]> MakeAsync(
        IReadOnlyList<Uri> gateways, int count, Stages stages, CancellationToken stop)
    {
        using var stage = stages.Count("Making accounts", count);
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = AtOnce, UseProxy = false };
        var clients = gateways.Select(gateway => new HttpClient(handler, false) { BaseAddress = gateway }).ToArray();
        try
        {
            var salt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
            var accounts = new Account[count];
            await Parallel.ForAsync(
                0,
                count,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop },
                async (n, cancel) =>
                {
                    accounts[n] = await MakeAsync(new ChatRest(clients[n % clients.Length]), salt, n, cancel);
                    stage.Increment();
                });
            return accounts;
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
    }

    private static async Task<Account> MakeAsync(ChatRest rest, string salt, int n, CancellationToken stop)
    {
        var (name, password) = ($"load-{salt}-{n}", $"{salt}-{n}-secret");
        var user = await Insistence.AskAsync(() => rest.CreateAccountAsync(name, password, null, stop), stop);
        var token = await Insistence.AskAsync(() => rest.CreateTokenAsync(name, password, stop), stop);
        return new Account(n, user.UserId, token.Value);
    }
}
