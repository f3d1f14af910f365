namespace Chat.Load.Measuring;

/// <summary>An amount for each program of the servers.</summary>
internal sealed class ByProgram
{
    private readonly SortedDictionary<string, double> _amounts = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, double>> Parts => _amounts;

    public double Total => _amounts.Values.Sum();

    public void Add(string program, double amount) =>
        _amounts[program] = _amounts.GetValueOrDefault(program) + amount;

    public ByProgram Since(ByProgram before)
    {
        var difference = new ByProgram();
        foreach (var (program, amount) in _amounts)
            difference.Add(program, amount - before._amounts.GetValueOrDefault(program));
        return difference;
    }
}
