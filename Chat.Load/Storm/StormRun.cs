using Chat.Client;
using Chat.Load.Measuring;
using Chat.Load.Messages;

namespace Chat.Load.Storm;

/// <summary>What all pairs of a run share.</summary>
internal sealed class StormRun(StormOptions options)
{
    private StormRecording _recording = new();

    public StormOptions Options { get; } = options;

    public MessageIds Ids { get; } = new(TimeProvider.System);

    public Content Content { get; } = Content.OfText(SampleText.Of(options.TextBytes));

    public Tally Tally { get; } = new();

    /// <summary>Of the phase that is on: a message counts in the phase in which it was first offered.</summary>
    public StormRecording Recording => Volatile.Read(ref _recording);

    public StormRecording Begin()
    {
        var recording = new StormRecording();
        Volatile.Write(ref _recording, recording);
        return recording;
    }
}
