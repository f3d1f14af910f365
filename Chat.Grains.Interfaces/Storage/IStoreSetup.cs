namespace Chat.Storage;

/// <summary>Brings the store to this program's version before anything else starts.</summary>
public interface IStoreSetup
{
    /// <summary>
    /// Applies what is missing of the embedded migrations, in order, under a lock that other processes respect.
    /// </summary>
    /// <exception cref="InvalidOperationException">An applied migration differs from the embedded one.</exception>
    Task ApplyMigrationsAsync(CancellationToken cancel);

    /// <summary>
    /// The key of direct conversations' ids, made with the store. Empty: the store is older than keys, and its direct
    /// conversations keep the ids that they have.
    /// </summary>
    Task<byte[]> GetDirectKeyAsync(CancellationToken cancel);

    /// <summary>Whether the store answers, for <c>/health/ready</c>.</summary>
    Task<bool> IsReachableAsync(CancellationToken cancel);
}
