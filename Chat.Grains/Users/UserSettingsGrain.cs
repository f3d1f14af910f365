using Chat.Ids;
using Chat.Storage;

namespace Chat.Users;

/// <summary>What a user has decided, as grain state.</summary>
[GenerateSerializer, Alias("chat.user-settings-state")]
internal sealed class UserSettings
{
    /// <summary>Name of the storage provider, of the state, and so part of stored keys.</summary>
    public const string Storage = "chat";
    public const string State = "settings";

    [Id(0)] public HashSet<UserId> Blocked { get; set; } = [];
    [Id(1)] public LastSeenAudience LastSeen { get; set; }
    [Id(2)] public bool HidesReading { get; set; }
}

/// <summary>
/// Owns one user's blocks and privacy, and decides by them who may see his presence.
/// <para><b>Invariant.</b> Whose reading is hidden stands in the store before it is answered as hidden, so that views
/// never show what the user believes hidden. A call that failed in between is mended by its repetition.</para>
/// </summary>
internal sealed class UserSettingsGrain(
    [PersistentState(UserSettings.State, UserSettings.Storage)] IPersistentState<UserSettings> settings,
    IPresenceStore store, DirectIds directs)
    : Grain, IUserSettingsGrain
{
    private UserId _id;
    private ContactSearch? _contacts;

    private Privacy Privacy => new(settings.State.LastSeen, !settings.State.HidesReading);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _id = new UserId(this.GetPrimaryKey());
        return Task.CompletedTask;
    }

    public Task<UserId[]> GetBlocked() => Task.FromResult<UserId[]>([.. settings.State.Blocked]);

    public Task<bool> Blocks(UserId otherId) => Task.FromResult(settings.State.Blocked.Contains(otherId));

    public async Task<UserId[]?> SetBlocked(UserId otherId, bool blocked)
    {
        var list = settings.State.Blocked;
        if (blocked && list.Count >= IUserSettingsGrain.BlockedMax && !list.Contains(otherId)) return null;
        await store.SetReadingHiddenAsync(_id, otherId, blocked, CancellationToken.None);
        if (blocked ? list.Add(otherId) : list.Remove(otherId)) await WriteAsync();
        return [.. list];
    }

    public Task<Privacy> GetPrivacy() => Task.FromResult(Privacy);

    public async Task<Privacy> SetPrivacy(PrivacyChange change)
    {
        var state = settings.State;
        if (change.ReadReceipts is { } shows)
            await store.SetReadingHiddenAsync(_id, from: null, !shows, CancellationToken.None);
        var before = Privacy;
        state.LastSeen = change.LastSeen ?? state.LastSeen;
        state.HidesReading = !(change.ReadReceipts ?? !state.HidesReading);
        if (Privacy != before) await WriteAsync();
        return Privacy;
    }

    public Task<bool> ShowsPresenceToAll() => Task.FromResult(
        settings.State is { LastSeen: LastSeenAudience.Everyone, Blocked.Count: 0 });

    public async Task<UserId[]> ShowsPresenceTo(UserId[] others)
    {
        var state = settings.State;
        if (state.LastSeen == LastSeenAudience.Nobody) return [];
        var shown = Array.FindAll(others, other => !state.Blocked.Contains(other));
        if (state.LastSeen == LastSeenAudience.Everyone || shown.Length == 0) return shown;
        _contacts ??= new ContactSearch(store, directs, _id);
        return await _contacts.FindAsync(shown);
    }

    private async Task WriteAsync()
    {
        try
        {
            await settings.WriteStateAsync();
        }
        catch
        {
            // Memory must not say what the store does not.
            DeactivateOnIdle();
            throw;
        }
    }
}
