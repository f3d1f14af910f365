using Chat.Conversations;
using Chat.Ids;
using Chat.Receipts;
using Chat.Storage;
using Xunit;

namespace Chat.Tests.Storage;

/// <summary>A direct conversation of two, its writer, and a small language to fill it.</summary>
internal sealed class TestChat
{
    private static readonly DateTimeOffset Epoch = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TestStore _store;

    private TestChat(TestStore store, UserId alice, UserId bob)
    {
        (_store, Alice, Bob) = (store, alice, bob);
        Id = ConversationId.Direct(alice, bob, []);
    }

    public UserId Alice { get; }
    public UserId Bob { get; }
    public ConversationId Id { get; }
    public long Writer { get; private set; }
    public long LastSeq { get; private set; }

    public static Task<TestChat> OpenAsync(TestStore store) =>
        OpenAsync(store, new UserId(Guid.NewGuid()), new UserId(Guid.NewGuid()));

    public static async Task<TestChat> OpenAsync(TestStore store, UserId alice, UserId bob)
    {
        var chat = new TestChat(store, alice, bob);
        await store.Log.CreateDirectAsync(chat.Id, alice, bob, Epoch, CancellationToken.None);
        await chat.TakeOverAsync();
        return chat;
    }

    /// <summary>When an entry of that place is sent here: a minute after the one before.</summary>
    public static DateTimeOffset At(long seq) => Epoch.AddMinutes(seq).AddMilliseconds(345);

    public async Task<OpenedConversation> TakeOverAsync()
    {
        var opened = await _store.Log.OpenAsync(Id, CancellationToken.None);
        Assert.NotNull(opened);
        (Writer, LastSeq) = (opened.Epoch, opened.LastSeq);
        return opened;
    }

    /// <summary>An entry at that place, not appended yet. The first one lists the conversation for both.</summary>
    public NewEntry Entry(
        long seq, UserId sender, Content content, string? clientMessageId = null, long? writer = null)
    {
        UserId[]? listFor = seq == 1 ? [Alice, Bob] : null;
        return new NewEntry(
            Id, writer ?? Writer, seq, sender, clientMessageId ?? $"id-{seq}", At(seq), content, listFor);
    }

    public NewEntry Text(long seq, string text = "hello", string? clientMessageId = null, long? writer = null) =>
        Entry(seq, Alice, TextOf(text), clientMessageId, writer);

    public static Content TextOf(string text) => new() { Kind = ContentKind.Text, Text = text };

    public async Task<long> AppendAsync(UserId sender, Content content)
    {
        Assert.True(await _store.Log.TryAppendAsync([Entry(LastSeq + 1, sender, content)], CancellationToken.None));
        return ++LastSeq;
    }

    public Task<long> SaysAsync(UserId sender, string text) => AppendAsync(sender, TextOf(text));

    /// <summary>So many texts, each its number, in one batch.</summary>
    public async Task FillAsync(UserId sender, int count, string? text = null)
    {
        NewEntry[] entries = [.. Enumerable.Range(1, count).Select(i =>
            Entry(LastSeq + i, sender, TextOf(text ?? $"{LastSeq + i}")))];
        Assert.True(await _store.Log.TryAppendAsync(entries, CancellationToken.None));
        LastSeq += count;
    }

    public Task<long> EditsAsync(UserId sender, long target, string text) =>
        AppendAsync(sender, new Content { Kind = ContentKind.Edit, TargetSeq = target, Text = text });

    public Task<long> DeletesAsync(UserId sender, long target) =>
        AppendAsync(sender, new Content { Kind = ContentKind.Delete, TargetSeq = target });

    public Task<long> ReactsAsync(UserId sender, long target, string? emoji) =>
        AppendAsync(sender, new Content { Kind = ContentKind.Reaction, TargetSeq = target, Emoji = emoji });

    public Task MarksAsync(UserId user, long delivered, long read, DateTimeOffset? at = null) =>
        _store.Log.RaiseWatermarksAsync(
            [new WatermarkStep(Id, user, new Watermarks(delivered, read), at ?? Epoch)], CancellationToken.None);

    public async Task<Conversation> AsSeenByAsync(UserId user) =>
        Assert.IsType<Conversation>(await _store.Reader.GetAsync(user, Id, CancellationToken.None));

    public async Task<HistoryPage> HistoryAsync(
        UserId user, long? before = null, long? after = null, long? around = null, int limit = 50) =>
        Assert.IsType<HistoryPage>(await _store.Reader.GetHistoryAsync(
            user, Id, new HistoryQuery(before, after, around, limit), CancellationToken.None));

    public async Task<Message> MessageAsync(UserId reader, long seq) =>
        Assert.Single((await HistoryAsync(reader, after: seq - 1, limit: 1)).Messages);

    public Task<IReadOnlyList<MemberReceipt>> ReceiptsAsync(long seq) =>
        _store.Log.GetReceiptsAsync(Id, seq, CancellationToken.None);

    public Task<Reconciled> ReconcileAsync(params (UserId, string)[] keys) =>
        _store.Log.ReconcileAsync(Id, keys, CancellationToken.None);
}
