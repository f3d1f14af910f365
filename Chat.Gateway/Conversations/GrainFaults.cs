using Chat.Refusals;
using Chat.Storage;

namespace Chat.Gateway.Conversations;

/// <summary>
/// The edge where a fault of a grain call becomes a refusal: what happened is unknown, the caller tries again.
/// </summary>
internal static partial class GrainFaults
{
    private static readonly TimeSpan BusyFor = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The exceptions of a call whose outcome is unknown: time-outs, dead silos, full inboxes, a store away.
    /// </summary>
    public static bool IsUnknownOutcome(Exception e) => e is
        TimeoutException or OrleansException or System.Data.Common.DbException or IOException
        or OperationCanceledException or ObjectDisposedException || KnowsNoSilo(e);

    /// <summary>While a gateway knows of no silo, Orleans takes the interface for one that nobody implements.</summary>
    private static bool KnowsNoSilo(Exception e) => e is ArgumentException { Source: "Orleans.Core" };

    public static Refusal ToRefusal(Exception e, ILogger logger)
    {
        if (e is IntakeFullException or StoreBusyException) return Refusal.Busy(BusyFor);
        if (IsUnknownOutcome(e))
        {
            LogUnknownOutcome(logger, e);
            return Refusal.Unavailable;
        }

        LogFault(logger, e);
        return Refusal.Internal;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A call ended in an unknown outcome")]
    private static partial void LogUnknownOutcome(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A call failed")]
    private static partial void LogFault(ILogger logger, Exception exception);
}
