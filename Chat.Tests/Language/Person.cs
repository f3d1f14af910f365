using Chat.Client;
using Chat.Ids;

namespace Chat.Tests.Language;

/// <summary>Somebody with an account; a person has as many devices as a test makes.</summary>
internal sealed class Person(Town town, string name, string id, string token)
{
    internal string Name => name;

    internal string Id => id;

    internal string Token => token;

    /// <summary>What anybody who knows the two would take for the id of their direct conversation.</summary>
    internal string GuessedChatWith(Person other) =>
        ConversationId.Direct(UserOf(Id), UserOf(other.Id), []).ToString();

    internal ChatRest RestAt(Uri gateway) => new(Town.HttpAt(gateway), (_, _) => new(Token));

    /// <summary>A device that raises pushes as they come and does nothing by itself: the wire as it is.</summary>
    internal async Task<Device> OnAsync(params Uri[] gateways)
    {
        var device = await ConnectAsync(gateways);
        // The handshake says nothing of attaching; that a first call ran does.
        await Device.AskAsync(() => device.Chat.GetConversationsAsync(limit: 1));
        return device;
    }

    /// <summary>As <see cref="OnAsync"/>, but back as soon as hands are shaken: pushes may not come yet.</summary>
    internal Task<Device> ConnectAsync(params Uri[] gateways) => StartAsync(keepsLog: false, gateways, null);

    /// <summary>A device as an app has it: keeps one log over reconnects, repeats sends under their ids.</summary>
    internal Task<Device> WithLogOnAsync(params Uri[] gateways) => StartAsync(keepsLog: true, gateways, null);

    /// <summary>As <see cref="WithLogOnAsync"/>, going on from what an earlier device held.</summary>
    internal Task<Device> GoingOnFromAsync(CursorSnapshot cursors, params Uri[] gateways) =>
        StartAsync(keepsLog: true, gateways, cursors);

    public override string ToString() => Name;

    private async Task<Device> StartAsync(bool keepsLog, Uri[] gateways, CursorSnapshot? cursors)
    {
        var device = town.Own(new Device(this, new ChatConnectionOptions
        {
            Gateways = gateways,
            UserId = Id,
            Tokens = (_, _) => new(Token),
            KeepsLog = keepsLog,
            Resends = keepsLog,
            MarksDelivered = keepsLog,
            Cursors = cursors,
            BackOffFirst = TimeSpan.FromMilliseconds(50),
            BackOffMax = TimeSpan.FromMilliseconds(500),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        }));
        await device.StartAsync();
        return device;
    }

    private static UserId UserOf(string text) =>
        UserId.TryParse(text, out var parsed) ? parsed : throw new FormatException("Not a user's id.");
}
