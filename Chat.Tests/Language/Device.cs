using System.Diagnostics;
using Chat.Client;
using Chat.Tests.Harness;

namespace Chat.Tests.Language;

/// <summary>One device of one person, and all that it heard.</summary>
internal sealed class Device : IAsyncDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(20);

    private readonly bool _resends;

    internal Device(Person owner, ChatConnectionOptions options)
    {
        Owner = owner;
        _resends = options.Resends;
        Chat = new ChatConnection(options);
        Chat.MessageAppended += Heard.Record;
        Chat.ReceiptAdvanced += Receipts.Record;
        Chat.ConversationChanged += Changes.Record;
        Chat.ResyncRequired += Resyncs.Record;
        Chat.PresenceChanged += Presences.Record;
        Chat.TypingChanged += Typings.Record;
        Chat.StateChanged += States.Record;
    }

    internal Person Owner { get; }

    internal ChatConnection Chat { get; }

    internal Observed<LogEntry> Heard { get; } = new();

    internal Observed<ReceiptAdvanced> Receipts { get; } = new();

    internal Observed<Conversation> Changes { get; } = new();

    internal Observed<ResyncRequired> Resyncs { get; } = new();

    internal Observed<SeenPresence> Presences { get; } = new();

    internal Observed<TypingChanged> Typings { get; } = new();

    internal Observed<StateChange> States { get; } = new();

    /// <summary>How often it has got a connection; 1: never reconnected.</summary>
    internal int Connects => States.Snapshot().Count(change => change.State == ConnectionState.Connected);

    internal Task StartAsync() => Eventually.CompletesAsync(
        $"{this} to connect", Chat.StartAsync(), () => string.Join(", ", States.Snapshot()));

    /// <summary>Opens the conversation with somebody and returns its id.</summary>
    internal async Task<string> OpenAsync(Person other) =>
        (await AskAsync(() => Chat.OpenDirectAsync(other.Id))).ConversationId;

    /// <summary><c>await phone.Sends("hi").To(bob)</c></summary>
    internal Saying Sends(string text, string? clientMessageId = null) =>
        new(this, Content.OfText(text), clientMessageId);

    /// <inheritdoc cref="Sends(string, string?)"/>
    internal Saying Sends(Content content, string? clientMessageId = null) => new(this, content, clientMessageId);

    /// <summary>One call; a refusal is thrown.</summary>
    internal Task<SendAnswer> SendOnceAsync(string chat, string text, string? clientMessageId = null) =>
        SendOnceAsync(chat, Content.OfText(text), clientMessageId);

    /// <inheritdoc cref="SendOnceAsync(string, string, string?)"/>
    internal Task<SendAnswer> SendOnceAsync(string chat, Content content, string? clientMessageId = null) =>
        Chat.InvokeRawAsync<SendAnswer>(HubMethods.Send, new SendRequest
        {
            ConversationId = chat,
            ClientMessageId = clientMessageId ?? Chat.NewClientMessageId(),
            Content = content,
        });

    /// <summary>Sends until it is answered, under one id: through the outbox, or call by call without it.</summary>
    internal async Task<SendAnswer> InsistAsync(string chat, Content content, string? clientMessageId = null)
    {
        var id = clientMessageId ?? Chat.NewClientMessageId();
        Task<SendAnswer> Send() => Eventually.CompletesAsync(
            $"an answer to {this}'s send", Chat.SendAsync(chat, content, id));
        return await (_resends ? Send() : AskAsync(Send));
    }

    internal Task<SendAnswer> InsistAsync(string chat, string text, string? clientMessageId = null) =>
        InsistAsync(chat, Content.OfText(text), clientMessageId);

    /// <summary>Waits for a text, however it comes.</summary>
    internal async Task<Message> HearsAsync(string text, TimeSpan? within = null)
    {
        var heard = await Heard.UntilAsync(
            $"{this} to hear \"{text}\"", entries => entries.Any(entry => entry.Message.Content.Text == text), within);
        return heard.First(entry => entry.Message.Content.Text == text).Message;
    }

    internal bool HasHeard(string text) => Heard.Snapshot().Any(entry => entry.Message.Content.Text == text);

    /// <summary>The whole log as <c>GetHistory</c> serves it.</summary>
    internal async Task<List<Message>> ReadAllAsync(string chat)
    {
        var all = new List<Message>();
        while (true)
        {
            var after = all.Count == 0 ? 0 : all[^1].Seq;
            var page = await AskAsync(() => Chat.GetHistoryAsync(chat, after: after, limit: 200));
            all.AddRange(page.Messages);
            if (!page.HasMore) return all;
        }
    }

    /// <summary>Asks again while it is refused for now: what was killed may still be coming back.</summary>
    internal static async Task<T> AskAsync<T>(Func<Task<T>> call)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (ChatException refused) when (
                refused.Retryable && Stopwatch.GetElapsedTime(begun) < Eventually.Patience)
            {
                await Task.Delay(RetryPause);
            }
        }
    }

    public override string ToString() => $"{Owner} at {Chat.Gateway?.Authority ?? "no gateway"}";

    public ValueTask DisposeAsync() => Chat.DisposeAsync();
}

/// <summary>Something that a device is about to say.</summary>
internal readonly struct Saying(Device device, Content content, string? clientMessageId)
{
    /// <summary>Opens the conversation where that was not done yet, and sends once; a refusal is thrown.</summary>
    internal async Task<SendAnswer> To(Person other)
    {
        var chat = await device.OpenAsync(other);
        return await device.Chat.SendAsync(chat, content, clientMessageId);
    }
}
