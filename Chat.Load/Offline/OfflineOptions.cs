using Chat.Load.Commands;

namespace Chat.Load.Offline;

/// <summary>Options of <c>offline</c>.</summary>
/// <param name="Each">Messages that wait for each receiver, from all senders together.</param>
/// <param name="Parallel">Log-ins at once.</param>
internal sealed record OfflineOptions(int Receivers, int Each, int Senders, int Parallel, int TextBytes)
{
    public int EachFromOne => Each / Senders;

    public int Messages => Receivers * Each;

    public static OfflineOptions Read(Arguments arguments)
    {
        var options = new OfflineOptions(
            arguments.Number("receivers", 500, 1, 5_000),
            arguments.Number("each", 50, 1, 1_000),
            arguments.Number("senders", 10, 1, 100),
            arguments.Number("parallel", 100, 1, 5_000),
            arguments.Number("text-bytes", 100, 1, 16_384));
        return options.Each % options.Senders == 0
            ? options
            : throw new UsageException("--each is sent in equal parts: a multiple of --senders.");
    }
}
