using Chat.Ids;

namespace Chat.Users;

/// <summary>What a user has decided, as grain state.</summary>
[GenerateSerializer, Alias("chat.user-settings-state")]
internal sealed class UserSettings
{
    /// <summary>Name of the storage provider, of the state, and so part of stored keys.</summary>
    public const string Storage = "chat";
    public const string State = "settings";

    [Id(0)] public HashSet<UserId> Blocked { get; set; } = [];
}

internal sealed class UserSettingsGrain(
    [PersistentState(UserSettings.State, UserSettings.Storage)] IPersistentState<UserSettings> settings)
    : Grain, IUserSettingsGrain
{
    public Task<UserId[]> GetBlocked() => Task.FromResult<UserId[]>([.. settings.State.Blocked]);

    public Task<bool> Blocks(UserId otherId) => Task.FromResult(settings.State.Blocked.Contains(otherId));

    public async Task<UserId[]?> SetBlocked(UserId otherId, bool blocked)
    {
        var list = settings.State.Blocked;
        if (blocked && list.Count >= IUserSettingsGrain.BlockedMax && !list.Contains(otherId)) return null;
        if (blocked ? list.Add(otherId) : list.Remove(otherId))
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

        return [.. list];
    }
}
