using Chat.Client;
using Chat.Load.Measuring;
using Chat.Load.Messages;

namespace Chat.Load.Storm;

/// <summary>What all pairs of a run share.</summary>
internal sealed class StormRun(StormOptions options)
{
    private StormRecording _recording = new();
    private LatencyHistogram _lately = new();

    public StormOptions Options { get; } = options;

    public MessageIds Ids { get; } = new(TimeProvider.System);

    public Content Content { get; } = Content.OfText(SampleText.Of(options.TextBytes));

    public Tally Tally { get; } = new();

    /// <summary>Of the phase that is on: a message counts in the phase in which it was first offered.</summary>
    public StormRecording Recording => Volatile.Read(ref _recording);

    public void Accepted(StormRecording recording, TimeSpan sinceDue, TimeSpan took)
    {
        recording.FromFirst.Add(sinceDue);
        recording.FromAccepted.Add(took);
        Volatile.Read(ref _lately).Add(took);
        Tally.Add(StormCounts.Accepted);
    }

    /// <summary>From the accepted calls to their acks, of the acks since this was last asked.</summary>
    public LatencyHistogram TakeLatest() => Interlocked.Exchange(ref _lately, new LatencyHistogram());

    public StormRecording Begin()
    {
        var recording = new StormRecording();
        Volatile.Write(ref _recording, recording);
        return recording;
    }
}
