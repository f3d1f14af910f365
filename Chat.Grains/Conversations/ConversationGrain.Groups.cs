using Chat.Groups;
using Chat.Ids;
using Chat.Receipts;
using Chat.Refusals;
using Chat.Storage;

namespace Chat.Conversations;

/// <content>
/// A group's members and settings: decided by its group grain, recorded here. At most one change is under way.
/// <para><b>Invariant.</b> A change takes effect here before any later entry is pushed, and whom it concerns is not
/// heard while it is under way: so who was removed neither hears nor says anything behind the entry that removed
/// him.</para>
/// </content>
internal sealed partial class ConversationGrain
{
    /// <summary>Up to so many members each is told of each change; past it the others have the log alone.</summary>
    private const int ToldOneAndAllMax = 64;

    private GroupSettings? _settings;
    private long _membersVersion;
    private int _owners;
    private PendingChange? _change;
    private AppliedChange _lastChange = new(0, []);

    private sealed record PendingChange(GroupDecision Decision, PendingEntry Entry)
    {
        public bool Concerns(UserId user) =>
            Decision.Change.Settings is not null || Decision.Change.Role?.UserId == user
            || Decision.Change.Left.Contains(user);
    }

    private readonly record struct AppliedChange(long Seq, IReadOnlyList<UserId> Left);

    public async Task<Refusal?> CreateGroup(UserId creatorId, UserId[] memberIds, GroupSettings settings, long origin)
    {
        if (_cursor is not null) return Refusal.Forbidden;
        await fanout.EnsureRoutesAsync([creatorId, .. memberIds]);
        var now = WholeMillisecond(time.GetUtcNow());
        var entry = GroupEntries.Created(creatorId, memberIds, settings.Title);
        await log.CreateGroupAsync(
            new NewGroup(_id, creatorId, memberIds, settings, entry, now), CancellationToken.None);
        try
        {
            if (_cursor is null) await OpenAsync(CancellationToken.None);
        }
        catch (StoreBusyException)
        {
            // The group is made: "busy" would deny it, and another one be made. Its members list it when they resume.
            return Refusal.Unavailable;
        }

        fanout.PushChanged(_id, _audience!, creatorId, origin);
        fanout.PushMessage(new Message(_id, 1, null, creatorId, now, entry), _audience!, origin: 0);
        return null;
    }

    public Task<Answer<GroupFacts>> GetGroup(UserId actorId, UserId[] about)
    {
        if (_cursor is null) return Task.FromResult<Answer<GroupFacts>>(NotFound());
        if (_settings is null) return Task.FromResult<Answer<GroupFacts>>(
            _members.ContainsKey(actorId) ? Refusal.Forbidden : Refusal.NotAMember);
        SettleEndedChange();
        return Task.FromResult<Answer<GroupFacts>>(new GroupFacts(
            _membersVersion,
            _settings,
            _members.Count,
            _owners,
            RoleOf(actorId),
            Array.ConvertAll(about, RoleOf)));
    }

    public async Task<Answer<bool>> RecordChange(GroupDecision decision)
    {
        if (_cursor is null) return NotFound();
        if (decision.Change.Joined.Count > 0) await fanout.EnsureRoutesAsync(decision.Change.Joined);
        await _audience!.EnsureAsync();
        if (_change is { } other)
        {
            await other.Entry.Ended;
            SettleEndedChange();
        }

        if (_change is not null || decision.MembersVersion != _membersVersion) return false;
        var entry = new PendingEntry(
            _cursor, decision.ActorId, NewEntry.SystemId(Guid.CreateVersion7()), WholeMillisecond(time.GetUtcNow()),
            decision.Entry, listFor: null, decision.Change);
        _change = new PendingChange(decision, entry);
        _unnoted.Enqueue(entry);
        lanes.For(_id).Append(entry);
        var result = await entry.EndInTurnAsync();
        SettleEndedChange();
        switch (result.End)
        {
            case AppendEnd.Appended:
                return true;
            case AppendEnd.Busy:
                return Refusal.Busy(BusyFor);
            case AppendEnd.Rejected:
                return Refusal.Internal;
            default:
                Close();
                return Refusal.Unavailable;
        }
    }

    public Task TellChanged(UserId[] users, long origin)
    {
        fanout.PushChanged(_id, users, origin);
        return Task.CompletedTask;
    }

    /// <summary>What was said before he came is not unread to him.</summary>
    private static MemberState Joining(UserId user, long seq) =>
        new(user, GroupRole.Member, new Watermarks(seq - 1, seq - 1), seq, null);

    private GroupRole? RoleOf(UserId user) => _members.TryGetValue(user, out var member) ? member.Role : null;

    /// <summary>Waits for a change that decides whether this user is heard.</summary>
    private async ValueTask AwaitChangeAsync(UserId user)
    {
        while (_change is { } change && change.Concerns(user))
        {
            await change.Entry.Ended;
            SettleEndedChange();
        }
    }

    /// <summary>Whoever comes first behind a change's end carries it out, before anything later is pushed.</summary>
    private void SettleEndedChange()
    {
        if (_change is not { Entry.Ended.IsCompletedSuccessfully: true } change) return;
        NoteAuthorsUpTo(_cursor!.LastSeq);
        _change = null;
        var result = change.Entry.Ended.GetAwaiter().GetResult();
        if (result.End is AppendEnd.Appended) Apply(change.Decision, result);
    }

    private void Apply(GroupDecision decision, AppendResult result)
    {
        var change = decision.Change;
        UserId[] left = [.. change.Left.Where(RemoveMember)];
        UserId[] joined = [.. change.Joined.Where(user => _members.TryAdd(user, NewMember(Joining(user, result.Seq))))];
        if (change.Role is { } given && _members.TryGetValue(given.UserId, out var member)) member.Role = given.Role;
        _owners = _members.Values.Count(known => known.Role == GroupRole.Owner);
        _settings = change.Settings ?? _settings;
        _membersVersion++;
        _lastChange = new AppliedChange(result.Seq, left);
        _audience!.Remove(left);
        _audience.Add(joined);
        PushChange(decision, left, joined);
        var message = new Message(_id, result.Seq, null, decision.ActorId, result.SentAt, decision.Entry);
        fanout.PushMessage(message, _audience, origin: 0);
        fanout.PushMessage(message, left, origin: 0);
    }

    private void PushChange(GroupDecision decision, UserId[] left, UserId[] joined)
    {
        if (decision.Change.Settings is not null || _members.Count <= ToldOneAndAllMax)
        {
            fanout.PushChanged(_id, _audience!, decision.ActorId, decision.Origin);
            fanout.PushChanged(_id, left, decision.Origin);
            return;
        }

        UserId[] concerned = [.. left, .. joined];
        if (decision.Change.Role is { } given) concerned = [.. concerned, given.UserId];
        fanout.PushChanged(_id, concerned, decision.Origin);
    }

    /// <summary>To those who were members when the entry was written, whoever has come or gone since.</summary>
    private void PushMessage(Message message, long origin)
    {
        SettleEndedChange();
        if (message.Seq > _lastChange.Seq)
        {
            fanout.PushMessage(message, _audience!, origin);
            return;
        }

        var members = from member in _members.Values where member.JoinedSeq <= message.Seq select member.UserId;
        fanout.PushMessage(message, [.. members, .. _lastChange.Left], origin);
    }
}
