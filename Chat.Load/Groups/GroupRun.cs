using Chat.Client;
using Chat.Load.Direct;
using Chat.Load.Messages;

namespace Chat.Load.Groups;

/// <summary>What all members of one run share.</summary>
internal sealed class GroupRun(GroupOptions options, string conversationId, IReadOnlyList<string> senderIds)
{
    private volatile bool _everybodyReads;

    public string ConversationId => conversationId;

    /// <summary>Users who post, in the order of their numbers.</summary>
    public IReadOnlyList<string> SenderIds => senderIds;

    public MessageIds Ids { get; } = new(TimeProvider.System);

    public Content Content { get; } = Content.OfText(SampleText.Of(options.TextBytes));

    public GroupRecorder Recorder { get; } = new();

    public PairCounters Counters { get; } = new();

    public PostLedger Ledger => field ??= new PostLedger(options.Online - 1, Recorder);

    /// <summary>Whether members mark as read what they get.</summary>
    public bool EverybodyReads
    {
        get => _everybodyReads;
        set => _everybodyReads = value;
    }

    /// <summary>Told the number of the sender whose post is complete.</summary>
    public required Action<int> Completed { get; init; }
}
