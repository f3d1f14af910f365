using System.Text.Json;
using Chat.Refusals;
using Microsoft.AspNetCore.SignalR;

namespace Chat.Gateway.Wire;

/// <summary>How a refusal leaves the hub.</summary>
internal static class HubRefusals
{
    /// <summary>
    /// SignalR sends the text of a <see cref="HubException"/> to the caller, behind words of its own: the contract's
    /// JSON object, from the first brace on.
    /// </summary>
    public static HubException ToHubException(this Refusal refusal) =>
        new(JsonSerializer.Serialize(refusal, ChatJson.Answers));

    /// <summary>The value, or the refusal as the hub's error.</summary>
    public static T OrThrow<T>(this Answer<T> answer) =>
        answer.Refusal is { } refusal ? throw refusal.ToHubException() : answer.Value!;
}
