using Microsoft.Extensions.Logging;

namespace Chat.Tests.Harness;

/// <summary>What was logged, in order, as one would read it.</summary>
internal sealed class LoggedLines<T> : List<string>, ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) => Add(formatter(state, exception));
}
