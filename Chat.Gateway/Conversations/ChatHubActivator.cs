using Microsoft.AspNetCore.SignalR;

namespace Chat.Gateway.Conversations;

/// <summary>
/// Makes a hub for each call, of services that live as long as the process. SignalR's own activator is made anew in
/// each call's scope, and with it the scope's table of services.
/// </summary>
internal sealed class ChatHubActivator(IServiceProvider services) : IHubActivator<ChatHub>
{
    private static readonly ObjectFactory<ChatHub> Factory = ActivatorUtilities.CreateFactory<ChatHub>([]);

    public ChatHub Create() => Factory(services, null);

    public void Release(ChatHub hub) => hub.Dispose();
}
