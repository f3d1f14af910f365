using System.Reflection;

namespace Chat.Tests.Harness;

/// <summary>An interface whose calls a test answers.</summary>
public class Played : DispatchProxy
{
    private Func<MethodInfo, object?[], object?> _answer = null!;

    /// <param name="answer">Answers a call, or returns null where nothing is to be said.</param>
    internal static T By<T>(Func<MethodInfo, object?[], object?> answer)
        where T : class
    {
        var played = Create<T, Played>();
        ((Played)(object)played)._answer = answer;
        return played;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!, args ?? []);
}
