using Harmony.Fleet.Hosting.Services;
using Harmony.Fleet.Operator.Api;
using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Operator.Readiness;
using Harmony.Fleet.Operator.Telemetry;

namespace Harmony.Fleet.Operator.Hosting;

/// <summary>Puts the operator together.</summary>
internal static class OperatorHost
{
    /// <summary>The operator over what lies outside of it: the caller adds a store, terms, and a bus.</summary>
    public static WebApplication Build(OperatorOptions options, Action<IServiceCollection> outside)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Harmony.Fleet.Operator" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = RequestBody.MaxRefusedBytes;
            switch (options.Listen)
            {
                case ListenAddress.Tcp tcp:
                    server.Listen(tcp.EndPoint);
                    break;
                case ListenAddress.UnixSocket socket:
                    server.ListenUnixSocket(socket.Path);
                    break;
            }
        });
        var services = builder.Services;
        services.AddService();
        services.AddRoutingCore();
        services.AddSingleton(options);
        services.AddSingleton<IReadinessCheck, LinkCheck>();
        services.AddMetrics().AddSingleton<FleetMeter>();
        outside(services);
        OperatorApi.AddServices(services);
        if (options.Telemetry is { } telemetry)
        {
            TelemetryParts.Add(services, telemetry);
        }

        var app = builder.Build();
        OperatorApi.Map(app);
        if (options.Telemetry is { } listeners)
        {
            TelemetryParts.Map(app, listeners);
        }

        return app;
    }
}
