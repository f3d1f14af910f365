namespace Chat.Client;

/// <summary>A send in the outbox. Cancelling it ends the wait; whether it was sent is then unknown.</summary>
internal sealed class PendingSend
{
    private readonly TaskCompletionSource<SendAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _cancelling;

    public PendingSend(SendRequest request, CancellationToken cancellation)
    {
        Request = request;
        if (cancellation.CanBeCanceled)
            _cancelling = cancellation.UnsafeRegister(
                static (state, token) => ((PendingSend)state!)._answer.TrySetCanceled(token), this);
    }

    public SendRequest Request { get; }

    public Task<SendAnswer> Answer => _answer.Task;

    public void Succeed(SendAnswer answer)
    {
        _answer.TrySetResult(answer);
        _cancelling.Dispose();
    }

    public void Fail(Exception error)
    {
        _answer.TrySetException(error);
        _cancelling.Dispose();
    }
}
