using System.Net;
using Chat.Refusals;
using Chat.Users;

namespace Chat.Gateway.Accounts;

/// <summary>
/// Slows down who guesses passwords: a bucket of log-ins for each username from each address. The pairs are hashed onto
/// a fixed number of buckets, so that no flood of invented names takes memory; two pairs may share one.
/// </summary>
internal sealed class TokenAttempts(AuthOptions options, TimeProvider time)
{
    private const int BucketCount = 16_384;

    private readonly TokenBucket?[] _buckets = new TokenBucket?[BucketCount];

    /// <returns>Null: go on.</returns>
    public Refusal? Spend(string username, IPAddress? address)
    {
        var bucket = BucketOf(username, address);
        lock (bucket)
        {
            return bucket.TryTake(out var wait)
                ? null
                : Refusal.RateLimited(wait) with { Message = "Too many log-ins under this name." };
        }
    }

    /// <summary>The password was right: that was no guess.</summary>
    public void GiveBack(string username, IPAddress? address)
    {
        var bucket = BucketOf(username, address);
        lock (bucket) bucket.GiveBack();
    }

    private TokenBucket BucketOf(string username, IPAddress? address)
    {
        // As the stores look names up: in upper case the Kelvin sign is none of the K that it is to them.
        var pair = HashCode.Combine(username.ToLowerInvariant(), address);
        return LazyInitializer.EnsureInitialized(
            ref _buckets[(uint)pair % BucketCount],
            () => new TokenBucket(1 / options.TokenAttemptEvery.TotalSeconds, options.TokenAttemptBurst, time));
    }
}
