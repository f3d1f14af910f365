using Chat.Client;
using Chat.Load.Measuring;

namespace Chat.Load.Storm;

/// <summary>Calls that nobody repeats: typing, activity, watching. Refused, they are counted and forgotten.</summary>
internal static class Hints
{
    public static async Task SayAsync(Func<Task> call, string name, Tally tally)
    {
        try
        {
            tally.Add(name);
            await call().ConfigureAwait(false);
        }
        catch (ChatException refusal)
        {
            tally.Add(StormCounts.HintsRefused + refusal.Code);
        }
        catch (OperationCanceledException)
        {
            // The run is given up.
        }
    }
}
