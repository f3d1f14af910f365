using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Chat.Conversations;
using Chat.Gateway.Delivery;
using Chat.Gateway.Wire;
using Chat.Groups;
using Chat.Ids;
using Chat.Refusals;

namespace Chat.Gateway.Groups;

/// <summary>
/// Invite links: a code of 128 random bits, told once to whoever made it. Past this gateway only its hash is known.
/// </summary>
internal sealed class Invites(IGrainFactory grains, IGroupStore store, GroupCalls groups)
{
    private const int CodeBytes = 16;

    public async Task<Answer<InviteAnswer>> CreateAsync(ClientConnection caller, CreateInviteRequest request)
    {
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(CodeBytes));
        var made = await grains.GetGroup(request.ConversationId)
            .CreateInvite(caller.User, Hash(code), request.ExpiresAfter, request.UsesMax);
        if (made.Refusal is { } refusal) return refusal;
        var terms = made.Value!;
        return new InviteAnswer(request.ConversationId, code, terms.CreatedAt, terms.ExpiresAt, terms.UsesMax);
    }

    public async Task<Answer<Conversation>> JoinAsync(ClientConnection caller, JoinByInviteRequest request)
    {
        var hash = Hash(request.Code);
        if (await store.FindInviteAsync(hash, CancellationToken.None) is not { } invite) return Refusal.InviteNotFound;
        var id = invite.ConversationId;
        return await groups.ShowAsync(caller, id, await grains.GetGroup(id).Join(caller.User, hash, caller.Key));
    }

    public async Task<Answer<EmptyAnswer>> RevokeAsync(ClientConnection caller, RevokeInviteRequest request) =>
        await grains.GetGroup(request.ConversationId).RevokeInvite(caller.User, Hash(request.Code)) is { } refusal
            ? refusal
            : EmptyAnswer.Instance;

    private static byte[] Hash(string code) => SHA256.HashData(Encoding.ASCII.GetBytes(code));
}
