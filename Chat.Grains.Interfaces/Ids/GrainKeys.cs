using Chat.Conversations;
using Chat.Groups;
using Chat.Users;

namespace Chat.Ids;

/// <summary>The one place that turns an id into a grain.</summary>
public static class GrainKeys
{
    public static IConversationGrain GetConversation(this IGrainFactory grains, ConversationId id) =>
        grains.GetGrain<IConversationGrain>(id.Value);

    public static IGroupGrain GetGroup(this IGrainFactory grains, ConversationId id) =>
        grains.GetGrain<IGroupGrain>(id.Value);

    public static IUserGrain GetUser(this IGrainFactory grains, UserId id) => grains.GetGrain<IUserGrain>(id.Value);

    public static IUserSettingsGrain GetUserSettings(this IGrainFactory grains, UserId id) =>
        grains.GetGrain<IUserSettingsGrain>(id.Value);

    public static ConversationId GetConversationId(this IConversationGrain grain) => new(grain.GetPrimaryKey());

    public static UserId GetUserId(this IUserGrain grain) => new(grain.GetPrimaryKey());
}
