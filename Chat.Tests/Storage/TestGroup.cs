using Chat.Conversations;
using Chat.Groups;
using Chat.Ids;
using Chat.Receipts;
using Chat.Storage;
using Xunit;

namespace Chat.Tests.Storage;

/// <summary>A group of Olga, who owns it, and others; its writer, and a small language to change and fill it.</summary>
internal sealed class TestGroup
{
    public static readonly GroupSettings Plain =
        new("Title", null, null, GroupSettings.FromJoin, OnlyAdminsSend: false, Retention.Permanent);

    private readonly TestStore _store;

    private TestGroup(TestStore store, UserId olga) => (_store, Olga) = (store, olga);

    public UserId Olga { get; }
    public ConversationId Id { get; } = new(Guid.NewGuid());
    public GroupSettings Settings { get; private set; } = Plain;
    public long Writer { get; private set; }
    public long LastSeq { get; private set; }

    public static UserId Somebody() => new(Guid.NewGuid());

    public static async Task<TestGroup> CreateAsync(TestStore store, params IReadOnlyList<UserId> others)
    {
        var group = new TestGroup(store, Somebody());
        Assert.True(await store.Log.CreateGroupAsync(group.New(others), CancellationToken.None));
        await group.TakeOverAsync();
        return group;
    }

    public NewGroup New(IReadOnlyList<UserId> others) => new(
        Id, Olga, others, Settings, SystemContent("created") with { UserIds = [.. others] }, TestChat.At(1));

    public async Task<OpenedConversation> TakeOverAsync()
    {
        var opened = await _store.Log.OpenAsync(Id, CancellationToken.None);
        Assert.NotNull(opened);
        (Writer, LastSeq) = (opened.Epoch, opened.LastSeq);
        return opened;
    }

    public NewEntry Entry(GroupChange change, long? writer = null, long? seq = null)
    {
        var place = seq ?? LastSeq + 1;
        return new NewEntry(
            Id, writer ?? Writer, place, Olga, NewEntry.SystemId(Guid.NewGuid()), TestChat.At(place),
            SystemContent("changed"), ListFor: null, change);
    }

    public NewEntry Text(UserId sender, long seq) => new(
        Id, Writer, seq, sender, $"id-{seq}", TestChat.At(seq), TestChat.TextOf($"{seq}"), ListFor: null);

    public async Task<long> RecordsAsync(GroupChange change)
    {
        Assert.True(await _store.Log.TryAppendAsync([Entry(change)], CancellationToken.None));
        return ++LastSeq;
    }

    public Task<long> JoinsAsync(params UserId[] users) => RecordsAsync(GroupChange.Join(users));

    public Task<long> LeavesAsync(params UserId[] users) => RecordsAsync(GroupChange.Leave(users));

    public Task<long> SetsAsync(Func<GroupSettings, GroupSettings> change) =>
        RecordsAsync(GroupChange.Set(Settings = change(Settings)));

    public Task<long> ShowsAsync(string visibility) =>
        SetsAsync(settings => settings with { HistoryVisibility = visibility });

    /// <summary>So many texts of Olga, in one batch.</summary>
    public async Task FillAsync(int count)
    {
        NewEntry[] entries = [.. Enumerable.Range(1, count).Select(i => Text(Olga, LastSeq + i))];
        Assert.True(await _store.Log.TryAppendAsync(entries, CancellationToken.None));
        LastSeq += count;
    }

    public Task MarksAsync(UserId user, long seq, DateTimeOffset at) => _store.Log.RaiseWatermarksAsync(
        [new WatermarkStep(Id, user, new Watermarks(seq, seq), at)], CancellationToken.None);

    public Task<Conversation?> FindAsync(UserId user) => _store.Reader.GetAsync(user, Id, CancellationToken.None);

    public async Task<Conversation> AsSeenByAsync(UserId user) => Assert.IsType<Conversation>(await FindAsync(user));

    public async Task<HistoryPage> HistoryAsync(UserId user) =>
        Assert.IsType<HistoryPage>(await _store.Reader.GetHistoryAsync(
            user, Id, new HistoryQuery(null, null, null, 100), CancellationToken.None));

    public Task<ResumeAnswer> ResumesAsync(UserId user, long heldSeq = 0, string? version = null) =>
        _store.Reader.ResumeAsync(user, [new HeldConversation(Id, heldSeq, version)], CancellationToken.None);

    /// <summary>
    /// Everything that a member reads, checked to be the same by every read, as (first, last) of what is there.
    /// </summary>
    public async Task<(long From, long To)> ReadableByAsync(UserId user)
    {
        var page = await HistoryAsync(user);
        var resumed = await ResumesAsync(user);
        long[] seqs = [.. page.Messages.Select(message => message.Seq)];
        Assert.Equal(seqs, resumed.Messages.Select(message => message.Seq));
        var (from, to) = (seqs[0], seqs[^1]);
        Assert.Equal(to - from + 1, seqs.Length);
        GoneRange[] gone = from > 1 ? [new GoneRange(1, from - 1)] : [];
        Assert.Equal(gone, page.Gone ?? []);
        Assert.Equal(gone, (resumed.Gone ?? []).Select(range => new GoneRange(range.FromSeq, range.ToSeq)));
        var seen = await AsSeenByAsync(user);
        Assert.Equal((from, to, to), (seen.JoinedSeq, seen.LastSeq, seen.LastMessage!.Seq));
        Assert.Equivalent(seen, Assert.Single(resumed.Conversations));
        Assert.Equivalent(
            seen,
            Assert.Single((await _store.Reader.ListAsync(user, null, 10, CancellationToken.None)).Conversations));
        return (from, to);
    }

    public async Task<UserId[]> ReceiversAsync(long seq) =>
        [.. (await _store.Log.GetReceiptsAsync(Id, seq, CancellationToken.None)).Select(receipt => receipt.UserId)];

    private Content SystemContent(string happened) =>
        new() { Kind = ContentKind.System, Event = happened, ActorId = Olga };
}
