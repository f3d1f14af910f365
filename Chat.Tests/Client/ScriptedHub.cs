using Chat.Client;
using Microsoft.AspNetCore.SignalR;

namespace Chat.Tests.Client;

/// <summary>The calls of the contract that the client makes by itself, on a <see cref="ScriptedLog"/>.</summary>
internal sealed partial class ScriptedHub(ScriptedLog log) : Hub
{
    public async Task<SendAnswer> Send(SendRequest request)
    {
        RefuseAsTold(nameof(Send));
        var (answer, message) = log.Append(UserId, request);
        if (message is not null && !log.LosesThisPush()) await Clients.Others.SendAsync("MessageAppended", message);
        if (log.LosesThisAck()) Context.Abort();
        if (log.KeepsThisAnswer()) await Task.Delay(Timeout.InfiniteTimeSpan, Context.ConnectionAborted);
        return answer;
    }

    public Watermarks MarkDelivered(PlaceRequest request) => log.Mark(UserId, nameof(MarkDelivered), request);

    public Watermarks MarkRead(PlaceRequest request) => log.Mark(UserId, nameof(MarkRead), request);

    public ResumeAnswer Resume(ResumeRequest request)
    {
        RefuseAsTold(nameof(Resume));
        return log.Resume(request);
    }

    public HistoryPage GetHistory(HistoryRequest request) => log.History(request);

    public Nothing ReportActivity(Nothing request)
    {
        log.Asked.Record(nameof(ReportActivity));
        return request;
    }

    public PresenceList Watch(UsersRequest request)
    {
        log.Asked.Record(request);
        RefuseAsTold(nameof(Watch));
        return new PresenceList { Presence = [.. request.UserIds.Select(id => new SeenPresence { UserId = id })] };
    }

    /// <summary>The gateway cuts this connection.</summary>
    public void Unwatch(UsersRequest request) => Context.Abort();

    private void RefuseAsTold(string method)
    {
        if (log.NextRefusal(method) is not { } code) return;
        var retryable = code == "busy" ? "true" : "false";
        throw new HubException(
            $$"""{"code":"{{code}}","message":"Scripted.","retryable":{{retryable}},"retryAfterMs":1}""");
    }

    private string UserId => Context.GetHttpContext()!.Request.Headers.Authorization.ToString()["Bearer ".Length..];
}
