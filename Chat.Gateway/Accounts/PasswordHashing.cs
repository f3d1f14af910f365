using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Chat.Gateway.Accounts;

/// <summary>
/// Hashes and checks passwords (ASP.NET Core Identity's PBKDF2), a few at a time: each costs as much CPU as hundreds of
/// messages. What waits is bounded; beyond that the caller is told that we are busy.
/// </summary>
internal sealed class PasswordHashing : IDisposable
{
    private readonly PasswordHasher<object> _hasher;
    private readonly ConcurrencyLimiter _limiter;
    private readonly Lazy<string> _nobodysHash;

    public PasswordHashing(AuthOptions options)
    {
        _hasher = new PasswordHasher<object>(
            Options.Create(new PasswordHasherOptions { IterationCount = options.PasswordIterations }));
        _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = options.HashesAtOnce,
            QueueLimit = options.HashesWaitingMax,
        });
        _nobodysHash = new Lazy<string>(() => _hasher.HashPassword(this, Guid.NewGuid().ToString()));
    }

    /// <returns>Null: too many are waiting.</returns>
    public async Task<string?> TryHashAsync(string password, CancellationToken cancel)
    {
        using var turn = await _limiter.AcquireAsync(1, cancel);
        return turn.IsAcquired ? await Task.Run(() => _hasher.HashPassword(this, password), cancel) : null;
    }

    /// <param name="hash">Null: there is no such user, which must not show in the time that it takes.</param>
    /// <returns>Null: too many are waiting.</returns>
    public async Task<Verified?> TryVerifyAsync(string? hash, string password, CancellationToken cancel)
    {
        using var turn = await _limiter.AcquireAsync(1, cancel);
        return turn.IsAcquired ? await Task.Run(() => Verify(hash, password), cancel) : null;
    }

    public void Dispose() => _limiter.Dispose();

    private Verified Verify(string? hash, string password)
    {
        var result = _hasher.VerifyHashedPassword(this, hash ?? _nobodysHash.Value, password);
        if (hash is null || result is PasswordVerificationResult.Failed) return new Verified(false);
        return result is PasswordVerificationResult.SuccessRehashNeeded
            ? new Verified(true, _hasher.HashPassword(this, password))
            : new Verified(true);
    }
}

/// <summary>What checking a password said.</summary>
/// <param name="NewHash">Set where the stored hash has fewer rounds than new ones get: to be kept instead.</param>
internal readonly record struct Verified(bool IsRight, string? NewHash = null);
