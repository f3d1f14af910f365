namespace Chat.Storage;

/// <summary>
/// The store's queue is full; nothing was read or written. A gateway answers <c>busy</c>.
/// </summary>
public sealed class StoreBusyException : Exception
{
    public StoreBusyException()
        : base("Too much is waiting for the store.")
    {
    }
}
