using Chat.Conversations;
using Chat.Ids;

namespace Chat.Storage.Sqlite;

/// <summary>Answers <c>Resume</c> within one snapshot: counts what is lacking, plans by it, reads what fits.</summary>
internal static class SqliteResume
{
    public static ResumeAnswer Run(SqliteSession session, UserId userId, IReadOnlyList<HeldConversation> held)
    {
        var heldById = ResumePlan.ById(held);
        var found = Known(session, userId, heldById.Keys);
        var plan = ResumePlan.Of(found.Values.Select(each =>
            Count(session, each, heldById.GetValueOrDefault(each.View.Conversation.Id))));

        var messages = new List<Message>();
        var gone = new List<GoneInConversation>();
        foreach (var missing in plan.Missing)
            Read(session, found[missing.View.Conversation.Id], missing, messages, gone);
        return new ResumeAnswer(
            [.. plan.Conversations.Select(view => SqliteViews.Show(session, found[view.Conversation.Id]))],
            messages,
            gone.Count > 0 ? gone : null,
            plan.Truncated);
    }

    /// <summary>What the user lists, and what he names and is a member of.</summary>
    private static Dictionary<ConversationId, KeyedView> Known(
        SqliteSession session, UserId userId, IReadOnlyCollection<ConversationId> named)
    {
        var found = new Dictionary<ConversationId, KeyedView>();
        foreach (var own in SqliteViews.Listed(session, userId))
            found.Add(own.Row.Id, SqliteViews.ViewOf(session, own));

        foreach (var id in named)
        {
            if (!found.ContainsKey(id) && SqliteViews.Find(session, userId, id) is { } unlisted)
                found.Add(id, unlisted);
        }

        return found;
    }

    private static ResumeCandidate Count(SqliteSession session, KeyedView found, HeldConversation? held)
    {
        var none = new ResumeCandidate(found.View, held, 0, 0);
        if (none.HeldSeq >= found.View.LastSeq || ResumePlan.IsTooFarBehind(found.View, none.HeldSeq))
            return none;
        var row = session.Get(
            """
            SELECT count(*), coalesce(sum(octet_length(content)), 0) FROM message
            WHERE conversation_key = ? AND seq BETWEEN ? AND ?
            """)
            .Bind(1, found.Key)
            .Bind(2, Math.Max(none.HeldSeq + 1, found.View.Window.FromSeq))
            .Bind(3, found.View.LastSeq);
        row.Step();
        var counted = none with { MessageCount = row.Long(0), ContentBytes = row.Long(1) };
        row.Reset();
        return counted;
    }

    private static void Read(
        SqliteSession session,
        KeyedView found,
        MissingEntries missing,
        List<Message> messages,
        List<GoneInConversation> gone)
    {
        var from = Math.Max(missing.FromSeq, found.View.Window.FromSeq);
        var rows = SqliteRows.Ascending(session, found.Key, from, missing.ToSeq, ResumeAnswer.MessagesMax);
        foreach (var row in rows)
            messages.Add(SqliteRows.Message(session, found, row));
        foreach (var range in GoneRanges.Between(missing.FromSeq, missing.ToSeq, rows) ?? [])
            gone.Add(new GoneInConversation(found.View.Conversation.Id, range.FromSeq, range.ToSeq));
    }
}
