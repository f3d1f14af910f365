using Chat.Client;
using Chat.Tests.Harness;

namespace Chat.Tests.Client;

/// <summary>A <see cref="ChatConnection"/> and what it raised.</summary>
internal sealed class Device : IAsyncDisposable
{
    private Device(ChatConnectionOptions options)
    {
        Chat = new ChatConnection(options);
        Chat.MessageAppended += Entries.Record;
        Chat.RangeGone += Gone.Record;
        Chat.StateChanged += States.Record;
        Chat.CaughtUp += () => CaughtUp.Record(CaughtUp.Count + 1);
    }

    internal ChatConnection Chat { get; }

    internal Observed<LogEntry> Entries { get; } = new();

    internal Observed<GoneRange> Gone { get; } = new();

    internal Observed<StateChange> States { get; } = new();

    internal Observed<int> CaughtUp { get; } = new();

    internal static ChatConnectionOptions Options(string userId, params ScriptedGateway[] gateways) => new()
    {
        Gateways = [.. gateways.Select(gateway => gateway.Address)],
        UserId = userId,
        Tokens = (_, _) => new(userId),
        BackOffFirst = TimeSpan.FromMilliseconds(20),
        BackOffMax = TimeSpan.FromMilliseconds(200),
        GapPatience = TimeSpan.FromMilliseconds(20),
    };

    internal static Device Make(ChatConnectionOptions options) => new(options);

    internal static async Task<Device> StartAsync(ChatConnectionOptions options)
    {
        var device = new Device(options);
        await device.Chat.StartAsync().WaitAsync(Eventually.Patience);
        return device;
    }

    /// <summary>The texts raised, once there are as many.</summary>
    internal async Task<string[]> TextsAsync(int count)
    {
        var heard = await Entries.UntilAsync($"{count} entries at {Chat.UserId}", entries => entries.Count >= count);
        return [.. heard.Select(entry => entry.Message.Content.Text!)];
    }

    public ValueTask DisposeAsync() => Chat.DisposeAsync();
}
