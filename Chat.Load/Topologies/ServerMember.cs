namespace Chat.Load.Topologies;

/// <summary>One server process, as far as it is known.</summary>
/// <param name="Name">As in <c>gateway 1</c>.</param>
/// <param name="ProcessId">Null: it was not started here, and nobody said.</param>
/// <param name="Address">Where it serves its metrics; null: unknown.</param>
internal sealed record ServerMember(string Name, int? ProcessId, Uri? Address)
{
    /// <summary>Its name as the beginning of a figure's key.</summary>
    public string Key { get; } = Name.Replace(" ", "", StringComparison.Ordinal);
}
