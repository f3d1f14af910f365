using System.Globalization;
using Chat.Refusals;
using Microsoft.Extensions.Primitives;

namespace Chat.Gateway.Rest;

/// <summary>Reads an address's query, keeping the first thing that is wrong with it.</summary>
internal struct QueryText(IQueryCollection query)
{
    public Refusal? Problem { get; private set; }

    public string? Text(string name, int charactersMax)
    {
        if (!query.TryGetValue(name, out var values) || StringValues.IsNullOrEmpty(values))
            return null;
        var text = values[0]!;
        if (text.Length <= charactersMax && !text.Contains('\0'))
            return text;
        Problem ??= Refusal.Invalid($"{name} must have at most {charactersMax} characters.");
        return null;
    }

    public long? WholeNumber(string name, long min, long max = long.MaxValue)
    {
        if (!query.TryGetValue(name, out var values) || StringValues.IsNullOrEmpty(values))
            return null;
        if (long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max)
            return number;
        Problem ??= Refusal.Invalid($"{name} must be a whole number from {min}, within its limit.");
        return null;
    }
}
