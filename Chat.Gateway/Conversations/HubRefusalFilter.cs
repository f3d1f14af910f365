using Chat.Gateway.Wire;
using Microsoft.AspNetCore.SignalR;

namespace Chat.Gateway.Conversations;

/// <summary>
/// The hub's edge: a request that could not be read is refused before the method runs, and a fault leaves as a code of
/// the contract, never as exception text.
/// </summary>
internal sealed class HubRefusalFilter(ILogger<HubRefusalFilter> logger) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (invocationContext.HubMethodArguments is [ClientRequest { Problem: { } problem }])
            throw problem.ToHubException();
        try
        {
            return await next(invocationContext);
        }
        catch (Exception e) when (e is not HubException)
        {
            throw GrainFaults.ToRefusal(e, logger).ToHubException();
        }
    }
}
