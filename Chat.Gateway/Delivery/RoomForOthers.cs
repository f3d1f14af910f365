namespace Chat.Gateway.Delivery;

/// <summary>
/// Rests after pushes to many users for fourteen times as long as they took, while others are pushed to: a busy large
/// group leaves most of a gateway to everybody else, wherever in the cluster their conversations live. Its lane has one
/// call under way, so the group's senders come to wait.
/// </summary>
internal sealed class RoomForOthers(TimeProvider time)
{
    private const int RestTimes = 14;
    private static readonly TimeSpan RestMax = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan OthersPassFor = TimeSpan.FromSeconds(1);

    private long _passedAt = time.GetTimestamp() - time.TimestampFrequency;

    /// <summary>Somebody else was pushed to.</summary>
    public void Passed() => Volatile.Write(ref _passedAt, time.GetTimestamp());

    /// <summary>To be awaited after pushes to many, before more of them are taken.</summary>
    /// <param name="begun">When they began, as a timestamp.</param>
    public Task RestAsync(long begun)
    {
        if (time.GetElapsedTime(Volatile.Read(ref _passedAt)) >= OthersPassFor) return Task.CompletedTask;
        var rest = RestTimes * time.GetElapsedTime(begun);
        return Task.Delay(rest < RestMax ? rest : RestMax, time);
    }
}
