namespace Chat.Delivery;

/// <summary>Which silos are gone, and who wants to know of it at once.</summary>
public sealed class SiloDirectory : ISiloStatusListener
{
    private readonly ISiloStatusOracle _oracle;

    public SiloDirectory(ISiloStatusOracle oracle)
    {
        _oracle = oracle;
        oracle.SubscribeToSiloStatusEvents(this);
    }

    /// <summary>
    /// Raised when a silo begins to stop, and again when it is dead: what was asked in between may still have reached
    /// it. Handlers only start what they do.
    /// </summary>
    public event Action<SiloAddress>? SiloGone;

    public SiloAddress Local => _oracle.SiloAddress;

    /// <summary>A silo that is not in the membership yet is not gone: the news of it are under way.</summary>
    public bool IsGone(SiloAddress silo) => IsGone(_oracle.GetApproximateSiloStatus(silo));

    void ISiloStatusListener.SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (IsGone(status) && !updatedSilo.Equals(_oracle.SiloAddress)) SiloGone?.Invoke(updatedSilo);
    }

    private static bool IsGone(SiloStatus status) =>
        status is SiloStatus.Dead or SiloStatus.ShuttingDown or SiloStatus.Stopping;
}
