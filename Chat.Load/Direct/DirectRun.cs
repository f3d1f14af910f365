using Chat.Client;
using Chat.Load.Messages;

namespace Chat.Load.Direct;

/// <summary>What all pairs of one run share.</summary>
internal sealed class DirectRun(int textBytes)
{
    public MessageIds Ids { get; } = new(TimeProvider.System);

    public Content Content { get; } = Content.OfText(SampleText.Of(textBytes));

    public Recorder Recorder { get; } = new();

    public PairCounters Counters { get; } = new();
}
