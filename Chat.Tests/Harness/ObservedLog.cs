using Microsoft.Extensions.Logging;

namespace Chat.Tests.Harness;

/// <summary>Warnings, and what is worse, of a host within the test's own process.</summary>
internal sealed class ObservedLog(Observed<string> lines) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) lines.Record(formatter(state, exception));
    }

    public void Dispose()
    {
    }
}
