using System.Text.Json;
using Chat.Refusals;
using Microsoft.AspNetCore.SignalR;

namespace Chat.Gateway.Wire;

/// <summary>How a refusal leaves the hub.</summary>
internal static class HubRefusals
{
    /// <summary>
    /// SignalR sends the text of a <see cref="HubException"/> to the caller, behind words of its own: the contract's JSON
    /// object, from the first brace on.
    /// </summary>
    public static HubException ToHubException(this Refusal refusal) =>
        new(JsonSerializer.Serialize(refusal, ChatJson.Answers));
}
