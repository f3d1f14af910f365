namespace Chat.Storage.Sqlite;

/// <summary>One piece of work on its way to a thread that owns a session.</summary>
internal abstract class SqliteWork
{
    /// <summary>Where true, it is not begun any more.</summary>
    public abstract bool IsCancelled { get; }

    /// <summary>Runs within a transaction that others may share.</summary>
    public abstract void Execute(SqliteSession session);

    /// <summary>Answers the caller. Once the transaction has ended, not before.</summary>
    public abstract void Succeed();

    public abstract void Fail(Exception reason);

    public abstract void Cancel();
}

internal sealed class SqliteWork<T>(Func<SqliteSession, T> body, CancellationToken cancel) : SqliteWork
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Answer => _answer.Task;

    public override bool IsCancelled => cancel.IsCancellationRequested;

    public override void Execute(SqliteSession session) => _result = body(session);

    public override void Succeed() => _answer.TrySetResult(_result!);

    public override void Fail(Exception reason) => _answer.TrySetException(reason);

    public override void Cancel() => _answer.TrySetCanceled(cancel);
}
