using Chat.Refusals;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace Chat.Gateway.Wire;

internal static class WireRegistration
{
    /// <summary>Both hub protocols, and REST's JSON, in the shapes of the contract.</summary>
    public static ISignalRServerBuilder AddChatWire(this ISignalRServerBuilder signalR)
    {
        signalR.AddJsonProtocol().AddMessagePackProtocol();
        var services = signalR.Services;
        services.AddOptions<JsonHubProtocolOptions>().Configure<IOptions<ChatLimits>>(
            (options, limits) => options.PayloadSerializerOptions = ChatJson.Create(limits.Value));
        services.AddOptions<MessagePackHubProtocolOptions>().Configure<IOptions<ChatLimits>>(
            (options, limits) => options.SerializerOptions = ChatMessagePack.Create(limits.Value));
        services.ConfigureHttpJsonOptions(options => ChatJson.ConfigureAnswers(options.SerializerOptions));
        return signalR;
    }
}
