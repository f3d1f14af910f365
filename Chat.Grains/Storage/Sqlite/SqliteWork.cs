namespace Chat.Storage.Sqlite;

/// <summary>One piece of work on its way to a thread that owns a session.</summary>
internal abstract class SqliteWork
{
    /// <returns>True: its caller gave it up before it was begun, and was answered.</returns>
    public abstract bool TryCancel();

    /// <summary>Runs within a transaction that others may share; again where that was undone.</summary>
    public abstract void Execute(SqliteSession session);

    /// <summary>Answers the caller. Once the transaction has ended, not before.</summary>
    public abstract void Succeed();

    public abstract void Fail(Exception reason);
}

internal sealed class SqliteWork<T>(Func<SqliteSession, T> body, CancellationToken cancel) : SqliteWork
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Answer => _answer.Task;

    public override bool TryCancel() => cancel.IsCancellationRequested && _answer.TrySetCanceled(cancel);

    public override void Execute(SqliteSession session) => _result = body(session);

    public override void Succeed() => _answer.TrySetResult(_result!);

    public override void Fail(Exception reason) => _answer.TrySetException(reason);
}
