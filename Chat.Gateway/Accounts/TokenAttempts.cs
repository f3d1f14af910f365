using System.Net;
using System.Threading.RateLimiting;
using Chat.Refusals;

namespace Chat.Gateway.Accounts;

/// <summary>
/// Slows down who guesses passwords: a bucket of log-ins for each username from each address. The pairs are hashed onto
/// a fixed number of buckets, so that no flood of invented names takes memory; two pairs may share one.
/// </summary>
internal sealed class TokenAttempts(AuthOptions options) : IDisposable
{
    private const int BucketCount = 16_384;

    private readonly PartitionedRateLimiter<int> _limiter = PartitionedRateLimiter.Create<int, int>(
        bucket => RateLimitPartition.GetTokenBucketLimiter(bucket, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.TokenAttemptBurst,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = options.TokenAttemptEvery,
            AutoReplenishment = false,
        }));

    /// <returns>Null: go on.</returns>
    public Refusal? Spend(string username, IPAddress? address)
    {
        // As the stores look names up: in upper case the Kelvin sign is none of the K that it is to them.
        var pair = HashCode.Combine(username.ToLowerInvariant(), address);
        using var lease = _limiter.AttemptAcquire((int)((uint)pair % BucketCount));
        if (lease.IsAcquired)
            return null;
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var told) ? told : options.TokenAttemptEvery;
        return Refusal.RateLimited(wait) with { Message = "Too many log-ins under this name." };
    }

    public void Dispose() => _limiter.Dispose();
}
