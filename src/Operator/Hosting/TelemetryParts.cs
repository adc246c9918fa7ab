using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Operator.Telemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Harmony.Fleet.Operator.Hosting;

/// <summary>OpenTelemetry: who listens to what the operator measures. Nothing of it is loaded where nothing is configured.</summary>
internal static class TelemetryParts
{
    /// <summary>Meters of the framework: requests of the API, and the runtime with the process' memory and processor time.</summary>
    private static readonly string[] FrameworkMeters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    /// <summary>Adds whoever listens.</summary>
    public static void Add(IServiceCollection services, TelemetryOptions options)
    {
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("fleet-operator"));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(FleetMeter.Name).AddMeter(FrameworkMeters);
            if (options.Prometheus)
            {
                metrics.AddPrometheusExporter();
            }

            if (options.OtlpEndpoint is not null)
            {
                metrics.AddOtlpExporter(otlp => Send(otlp, options, "v1/metrics"));
            }
        });
        if (options.OtlpEndpoint is not null)
        {
            telemetry.WithTracing(traces => traces.AddSource(FleetMeter.Name).AddAspNetCoreInstrumentation().AddOtlpExporter(otlp => Send(otlp, options, "v1/traces")));
        }
    }

    /// <summary>Adds <c>/metrics</c>, where it is wanted.</summary>
    public static void Map(WebApplication app, TelemetryOptions options)
    {
        if (options.Prometheus)
        {
            app.MapPrometheusScrapingEndpoint(FleetMeter.ScrapePath);
        }
    }

    private static void Send(OtlpExporterOptions otlp, TelemetryOptions options, string signal)
    {
        otlp.Protocol = options.OtlpOverHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        otlp.Endpoint = options.OtlpOverHttp ? new Uri($"{options.OtlpEndpoint!.AbsoluteUri.TrimEnd('/')}/{signal}") : options.OtlpEndpoint!;
    }
}
