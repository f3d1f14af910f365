using Chat.Client;
using Chat.Tests.Harness;

namespace Chat.Tests.Client;

/// <summary>
/// The log that the scripted gateways share, with one conversation of everybody, and the faults that a test asks for.
/// Thread-safe.
/// </summary>
internal sealed class ScriptedLog
{
    internal const string ConversationId = "c1";

    private readonly Lock _gate = new();
    private readonly List<Message> _entries = [];
    private readonly Dictionary<(string, string), SendAnswer> _answers = [];
    private readonly Dictionary<string, Queue<string>> _refusals = new(StringComparer.Ordinal);
    private long _goneTo;

    /// <summary>Tokens that are let in: each is its user's id.</summary>
    internal HashSet<string> Tokens { get; } = ["alice", "bob"];

    /// <summary>Marks as they came: user, method, seq.</summary>
    internal List<(string UserId, string Method, long Seq)> Marks { get; } = [];

    /// <summary>What each Resume held.</summary>
    internal List<ResumeRequest> Resumes { get; } = [];

    /// <summary>Appends, and then cuts the connection instead of answering; so often.</summary>
    internal int AcksToLose { get; set; }

    /// <summary>Appends and never answers, though the connection is as good as any; so often.</summary>
    internal int AnswersToKeep { get; set; }

    /// <summary>Decides of each push and of each answer whether it is lost.</summary>
    internal Random? Chance { get; set; }

    /// <summary>Answers Resume with <c>truncated</c> if more than this is lacking.</summary>
    internal int ResumeMax { get; set; } = 2_000;

    internal int HistoryCalls { get; private set; }

    /// <summary>The arguments of calls about groups, as they came.</summary>
    internal Observed<object> Asked { get; } = new();

    internal IReadOnlyList<Message> Entries
    {
        get { lock (_gate) return [.. _entries]; }
    }

    /// <summary>Refuses the next sends with these codes, one each.</summary>
    internal void Refuse(params string[] codes) => RefuseCalls(HubMethods.Send, codes);

    /// <summary>Refuses the next calls of a hub method with these codes, one each.</summary>
    internal void RefuseCalls(string method, params string[] codes)
    {
        lock (_gate) _refusals[method] = new Queue<string>(codes);
    }

    internal string? NextRefusal(string method)
    {
        lock (_gate)
            return _refusals.TryGetValue(method, out var codes) && codes.TryDequeue(out var code) ? code : null;
    }

    internal void TakeAway(long toSeq)
    {
        lock (_gate) _goneTo = toSeq;
    }

    internal Message Append(string userId, string text, string? clientMessageId = null) =>
        Append(userId, Content.OfText(text), clientMessageId);

    internal Message Append(string userId, Content content, string? clientMessageId = null) =>
        Append(userId, new SendRequest
        {
            ConversationId = ConversationId,
            ClientMessageId = clientMessageId ?? Guid.NewGuid().ToString(),
            Content = content,
        }).Message!;

    internal Conversation Conversation()
    {
        lock (_gate)
        {
            return new Conversation
            {
                ConversationId = ConversationId,
                Kind = "direct",
                LastSeq = _entries.Count,
                Version = $"v{_entries.Count}",
            };
        }
    }

    internal (SendAnswer Answer, Message? Message) Append(string userId, SendRequest request)
    {
        lock (_gate)
        {
            var key = (userId, request.ClientMessageId!);
            if (_answers.TryGetValue(key, out var known)) return (known with { Duplicate = true }, null);
            var message = new Message
            {
                ConversationId = ConversationId,
                Seq = _entries.Count + 1,
                MessageId = $"m{_entries.Count + 1}",
                ClientMessageId = request.ClientMessageId,
                SenderId = userId,
                SentAt = DateTimeOffset.UnixEpoch.AddSeconds(_entries.Count),
                Content = request.Content!,
            };
            _entries.Add(message);
            return (_answers[key] = new SendAnswer
            {
                ConversationId = ConversationId,
                Seq = message.Seq,
                MessageId = message.MessageId,
                SentAt = message.SentAt,
            }, message);
        }
    }

    internal bool LosesThisAck()
    {
        lock (_gate) return (AcksToLose > 0 && AcksToLose-- > 0) || Chance?.Next(20) == 0;
    }

    internal bool KeepsThisAnswer()
    {
        lock (_gate) return AnswersToKeep > 0 && AnswersToKeep-- > 0;
    }

    internal bool LosesThisPush()
    {
        lock (_gate) return Chance?.Next(4) == 0;
    }

    internal Watermarks Mark(string userId, string method, PlaceRequest request)
    {
        lock (_gate) Marks.Add((userId, method, request.Seq));
        return new Watermarks { DeliveredSeq = request.Seq };
    }

    internal IReadOnlyList<(string UserId, string Method, long Seq)> MarksSoFar()
    {
        lock (_gate) return [.. Marks];
    }

    internal ResumeAnswer Resume(ResumeRequest request)
    {
        lock (_gate)
        {
            Resumes.Add(request);
            var held = request.Conversations.SingleOrDefault(one => one.ConversationId == ConversationId)?.Seq ?? 0;
            var conversation = Conversation();
            if (_entries.Count - held > ResumeMax)
                return new ResumeAnswer { Conversations = [conversation], Truncated = [ConversationId] };
            var (messages, gone) = After(held);
            return new ResumeAnswer
            {
                Conversations = [conversation],
                Messages = [.. messages],
                Gone = [.. gone.Select(range => range with { ConversationId = ConversationId })],
            };
        }
    }

    internal HistoryPage History(HistoryRequest request)
    {
        lock (_gate)
        {
            HistoryCalls++;
            var (messages, gone) = After(request.After ?? 0);
            var page = messages.Take(request.Limit ?? 50).ToArray();
            return new HistoryPage { Messages = page, Gone = gone, HasMore = messages.Length > page.Length };
        }
    }

    private (Message[] Messages, GoneRange[] Gone) After(long seq)
    {
        var messages = _entries.Where(entry => entry.Seq > Math.Max(seq, _goneTo)).ToArray();
        return (messages, seq < _goneTo ? [new GoneRange { FromSeq = seq + 1, ToSeq = _goneTo }] : []);
    }
}
