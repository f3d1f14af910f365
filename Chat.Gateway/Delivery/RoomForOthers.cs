namespace Chat.Gateway.Delivery;

/// <summary>
/// Rests after pushes to many users for fourteen times as long as they took, while others are pushed to: a busy large
/// group leaves most of a gateway to everybody else, wherever in the cluster their conversations live. Its lane has one
/// call under way, so the group's senders come to wait.
/// <para>Where calls follow one another, the same rest is taken bit by bit: what others say then meets a few dozen
/// sockets' work at most, and not a thousand's.</para>
/// </summary>
internal sealed class RoomForOthers(TimeProvider time)
{
    private const int RestTimes = 14;
    private static readonly TimeSpan RestMax = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan OthersPassFor = TimeSpan.FromSeconds(1);

    private long _passedAt = time.GetTimestamp() - time.TimestampFrequency;
    private long _manyEndedAt = time.GetTimestamp() - time.TimestampFrequency;

    /// <summary>Somebody else was pushed to.</summary>
    public void Passed() => Volatile.Write(ref _passedAt, time.GetTimestamp());

    /// <summary>To be asked before a call's pushes to many.</summary>
    public Rests BeginMany() => new(this, time, isBusy: ElapsedSince(ref _manyEndedAt) < RestMax);

    private TimeSpan ElapsedSince(ref long at) => time.GetElapsedTime(Volatile.Read(ref at));

    /// <summary>The rests of one call: together at most <see cref="RestMax"/>.</summary>
    internal sealed class Rests(RoomForOthers room, TimeProvider time, bool isBusy)
    {
        private long _begunAt = time.GetTimestamp();
        private TimeSpan _left = RestMax;

        /// <summary>To be awaited between the pushes of one call.</summary>
        public Task BetweenAsync() => isBusy ? RestAsync() : Task.CompletedTask;

        /// <summary>To be awaited after them, before more are taken.</summary>
        public async Task AfterAsync()
        {
            await RestAsync();
            Volatile.Write(ref room._manyEndedAt, time.GetTimestamp());
        }

        private async Task RestAsync()
        {
            if (room.ElapsedSince(ref room._passedAt) < OthersPassFor)
            {
                var rest = RestTimes * time.GetElapsedTime(_begunAt);
                if (rest > _left) rest = _left;
                _left -= rest;
                if (rest > TimeSpan.Zero) await Task.Delay(rest, time);
            }

            _begunAt = time.GetTimestamp();
        }
    }
}
