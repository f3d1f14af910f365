namespace Chat.Storage;

/// <summary>
/// The store's queue of reads is full; nothing was read. A gateway answers <c>busy</c>.
/// </summary>
public sealed class StoreBusyException : Exception
{
    public StoreBusyException()
        : base("Too many reads are waiting for the store.")
    {
    }
}
