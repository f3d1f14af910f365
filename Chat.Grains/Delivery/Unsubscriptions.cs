using Chat.Ids;

namespace Chat.Delivery;

/// <summary>
/// Takes back the subscriptions of routes that a table has let go of: half a table at once would be as many calls.
/// <para><b>Bound.</b> <see cref="AtOnceMax"/> calls in flight; the rest wait in their order. Past
/// <paramref name="waitingMax"/> that wait, and where a call fails, the subscription stays: the user's grain goes on
/// telling a table that passes it over, until either of them ends.</para>
/// <para><b>Threads.</b> Called from anywhere; the calls go on outside of whoever came first.</para>
/// </summary>
internal sealed class Unsubscriptions(IGrainFactory grains, SiloDirectory silos, int waitingMax)
{
    internal const int AtOnceMax = 32;

    private readonly Lock _lock = new();
    private readonly Queue<(UserId User, long Number)> _waiting = new();
    private int _inFlight;

    /// <param name="number">Of the subscription: a newer one stays, however late this is.</param>
    public void Add(UserId user, long number)
    {
        lock (_lock)
        {
            if (_inFlight == AtOnceMax)
            {
                if (_waiting.Count < waitingMax) _waiting.Enqueue((user, number));
                return;
            }

            _inFlight++;
        }

        UnsubscribeOneByOne(user, number);
    }

    private async void UnsubscribeOneByOne(UserId user, long number)
    {
        do
        {
            try
            {
                // The conversation that happened to begin this has no part in what follows.
                await grains.GetUser(user).Unsubscribe(silos.Local, number).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // Harmless: this user stays subscribed, and the next one's turn has come.
            }
        }
        while (TryTakeNext(out user, out number));
    }

    private bool TryTakeNext(out UserId user, out long number)
    {
        lock (_lock)
        {
            var isLeft = _waiting.TryDequeue(out var next);
            if (!isLeft) _inFlight--;
            (user, number) = next;
            return isLeft;
        }
    }
}
