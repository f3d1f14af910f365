using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Chat.Hosting;

/// <summary>Metrics for <c>/metrics</c>, and metrics and traces over OTLP where an address for them is set.</summary>
public static class Telemetry
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>
    /// Values of its tags that one instrument tells apart; the rest is summed up as overflow. The library's own 2,000
    /// are laid out in advance: 25 MB in 175 instruments, which each full collection walks through.
    /// </summary>
    private const int SeriesMax = 500;

    /// <param name="program">The name under which the process shows up.</param>
    public static IHostApplicationBuilder AddChatHealth(this IHostApplicationBuilder builder, string program)
    {
        builder.Services.AddSingleton<Readiness>();
        var exportsOtlp = !string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpoint]);
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(program));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(
                "Chat.*", "Microsoft.Orleans", "System.Runtime", "Npgsql", "Microsoft.AspNetCore.Hosting",
                "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections");
            metrics.AddView("*", new MetricStreamConfiguration { CardinalityLimit = SeriesMax });
            metrics.AddPrometheusExporter();
            if (exportsOtlp) metrics.AddOtlpExporter();
        });
        // Without somebody who takes them, making traces costs and serves nobody.
        if (exportsOtlp)
        {
            telemetry.WithTracing(traces => traces
                .AddSource("Chat.*", "Microsoft.AspNetCore", "Microsoft.Orleans.Application", "Npgsql")
                .AddOtlpExporter());
        }
        return builder;
    }
}
