using Chat.Gateway.Wire;
using Chat.Ids;
using Chat.Refusals;
using Chat.Storage;

namespace Chat.Gateway.Users;

/// <summary>Whom a user does not want to hear from.</summary>
internal sealed class Blocks(IGrainFactory grains, IAccountStore accounts)
{
    public async Task<Answer<EmptyAnswer>> SetAsync(UserId caller, UserId other, bool blocked)
    {
        if (await accounts.GetAsync(other, CancellationToken.None) is null) return Refusal.UserNotFound;
        var user = grains.GetUser(caller);
        return (blocked ? await user.Block(other) : await user.Unblock(other)) is { } refusal
            ? refusal
            : EmptyAnswer.Instance;
    }
}
