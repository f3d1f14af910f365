using System.Net;
using Chat.Refusals;

namespace Chat.Gateway.Accounts;

/// <summary>
/// Slows down who guesses passwords: a bucket of log-ins for each username from each address. The pairs are hashed onto
/// a fixed number of buckets, so that no flood of invented names takes memory; two pairs may share one.
/// </summary>
internal sealed class TokenAttempts(AuthOptions options, TimeProvider time)
{
    private const int BucketCount = 16_384;

    private readonly Bucket?[] _buckets = new Bucket?[BucketCount];

    /// <returns>Null: go on.</returns>
    public Refusal? Spend(string username, IPAddress? address) => BucketOf(username, address).Take() is { } wait
        ? Refusal.RateLimited(wait) with { Message = "Too many log-ins under this name." }
        : null;

    /// <summary>The password was right: that was no guess.</summary>
    public void GiveBack(string username, IPAddress? address) => BucketOf(username, address).GiveBack();

    private Bucket BucketOf(string username, IPAddress? address)
    {
        // As the stores look names up: in upper case the Kelvin sign is none of the K that it is to them.
        var pair = HashCode.Combine(username.ToLowerInvariant(), address);
        return LazyInitializer.EnsureInitialized(
            ref _buckets[(uint)pair % BucketCount],
            () => new Bucket(options.TokenAttemptBurst, options.TokenAttemptEvery, time));
    }

    private sealed class Bucket(int burst, TimeSpan every, TimeProvider time)
    {
        private readonly Lock _gate = new();
        private double _left = burst;
        private long _filledAt = time.GetTimestamp();

        /// <returns>Null: taken; else how long until there is one.</returns>
        public TimeSpan? Take()
        {
            lock (_gate)
            {
                Fill();
                if (_left < 1) return (1 - _left) * every;
                _left--;
                return null;
            }
        }

        public void GiveBack()
        {
            lock (_gate)
            {
                Fill();
                _left = Math.Min(burst, _left + 1);
            }
        }

        private void Fill()
        {
            var now = time.GetTimestamp();
            _left = Math.Min(burst, _left + (time.GetElapsedTime(_filledAt, now) / every));
            _filledAt = now;
        }
    }
}
