using System.Data.Common;
using Chat.Storage;
using Microsoft.Extensions.Logging;

namespace Chat.Conversations;

/// <summary>
/// Settles one conversation's appends after a commit that did not go through whole: a duplicate, a place that is taken,
/// a raised epoch, a refused row, or a connection lost while committing. It always reads back by client id first, so
/// that nothing is written twice, and renumbers what is not in the log.
/// </summary>
internal sealed partial class AppendResolution(
    IMessageLog log, LogOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Asks until <see cref="LogOptions.ResolveFor"/> after the commit began. What comes to its turn later, since
    /// others of the commit took as long, is asked for once, and past twice that time not at all.
    /// </summary>
    /// <param name="started">When the commit began: its senders wait since then.</param>
    public async Task ResolveAsync(LogCursor cursor, List<PendingEntry> entries, long started)
    {
        Exception? fault = null;
        while (entries.Count > 0)
        {
            // Attempts that hang, one for each conversation of a commit, would hold the lane for minutes.
            if (time.GetElapsedTime(started) > 2 * options.ResolveFor)
            {
                GiveUp(cursor, entries, fault);
                return;
            }

            fault = null;
            try
            {
                entries = await SettleKnownAsync(cursor, entries);
                if (entries.Count == 0 || await TryAppendRestAsync(cursor, entries)) return;
            }
            catch (DbException e) when (IsRefusedRow(e))
            {
                if (entries.Count == 1)
                {
                    LogRowRefused(cursor.Id, e);
                    entries[0].End(AppendEnd.Rejected);
                    return;
                }

                foreach (var entry in entries) await ResolveAsync(cursor, [entry], started);
                return;
            }
            catch (Exception e)
            {
                // Nothing is lost: the store is asked again.
                fault = e;
            }

            // The store is away, or takes nothing and does not show why. It is asked until the sender would stop
            // waiting.
            if (time.GetElapsedTime(started) > options.ResolveFor)
            {
                GiveUp(cursor, entries, fault);
                return;
            }

            await Task.Delay(RetryPause, time);
        }
    }

    /// <returns>What is not in the log and may be appended by this writer.</returns>
    private async Task<List<PendingEntry>> SettleKnownAsync(LogCursor cursor, List<PendingEntry> entries)
    {
        var truth = await log.ReconcileAsync(
            cursor.Id, entries.ConvertAll(entry => entry.Key), CancellationToken.None);
        cursor.LastSeq = Math.Max(cursor.LastSeq, truth.LastSeq);
        var rest = new List<PendingEntry>(entries.Count);
        var seen = new Dictionary<object, PendingEntry>();
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (truth.Found[i] is { } found)
            {
                var isOurs = found.Seq == entry.Seq && found.SentAt == entry.SentAt;
                entry.End(isOurs ? AppendEnd.Appended : AppendEnd.Duplicate, found.Seq, found.SentAt);
            }
            else if (!seen.TryAdd(entry.Key, entry))
            {
                // It ends behind its twin, and the place that it was given may be another entry's before that.
                entry.Seq = 0;
                EndWithTwin(entry, seen[entry.Key]);
            }
            else
            {
                rest.Add(entry);
            }
        }

        if (truth.Epoch == cursor.Epoch && !cursor.IsClosed) return rest;
        LogFenced(cursor.Id, cursor.Epoch, truth.Epoch);
        Close(cursor, rest);
        return [];
    }

    private async Task<bool> TryAppendRestAsync(LogCursor cursor, List<PendingEntry> entries)
    {
        cursor.AssignedSeq = cursor.LastSeq;
        foreach (var entry in entries) entry.Seq = ++cursor.AssignedSeq;
        if (!await log.TryAppendAsync(entries.ConvertAll(entry => entry.ToNewEntry()), CancellationToken.None))
            return false;
        cursor.LastSeq = cursor.AssignedSeq;
        foreach (var entry in entries) entry.End(AppendEnd.Appended);
        return true;
    }

    private static async void EndWithTwin(PendingEntry entry, PendingEntry twin)
    {
        var result = await twin.Ended;
        entry.End(
            result.End is AppendEnd.Appended ? AppendEnd.Duplicate : result.End, result.Seq, result.SentAt);
    }

    private void GiveUp(LogCursor cursor, List<PendingEntry> entries, Exception? fault)
    {
        LogGaveUp(cursor.Id, entries.Count, fault);
        Close(cursor, entries);
    }

    private static void Close(LogCursor cursor, List<PendingEntry> entries)
    {
        cursor.IsClosed = true;
        foreach (var entry in entries) entry.End(AppendEnd.Unknown);
    }

    /// <summary>The store understood and said no: trying again can't help.</summary>
    private static bool IsRefusedRow(DbException e) => e is { IsTransient: false, SqlState: ['2', '2', ..] };

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Conversation {Conversation}: epoch {Epoch} is fenced by {StoredEpoch}")]
    private partial void LogFenced(Ids.ConversationId conversation, long epoch, long storedEpoch);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Conversation {Conversation}: the outcome of {Entries} appends stays unknown")]
    private partial void LogGaveUp(Ids.ConversationId conversation, int entries, Exception? exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Conversation {Conversation}: the store refused an entry")]
    private partial void LogRowRefused(Ids.ConversationId conversation, Exception exception);
}
