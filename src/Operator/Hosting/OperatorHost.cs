using Harmony.Fleet.Hosting.Services;
using Harmony.Fleet.Operator.Api;
using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Operator.Readiness;
using Harmony.Fleet.Operator.Telemetry;

namespace Harmony.Fleet.Operator.Hosting;

/// <summary>Puts the operator together.</summary>
internal static class OperatorHost
{
    /// <summary>So long a request's head may take to come.</summary>
    private static readonly TimeSpan HeadersLimit = TimeSpan.FromSeconds(10);

    /// <summary>Nothing here upgrades a connection; whatever comes to do so is bounded.</summary>
    private const long MostUpgraded = 100;

    /// <summary>The operator over what lies outside of it: the caller adds a store, terms, and a bus.</summary>
    public static WebApplication Build(OperatorOptions options, Action<IServiceCollection> outside)
    {
        var wanted = options.MaxConnections;
        options = OpenFiles.Bound(options);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Harmony.Fleet.Operator" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = RequestBody.MaxRefusedBytes;
            server.Limits.RequestHeadersTimeout = HeadersLimit;
            server.Limits.MaxConcurrentUpgradedConnections = MostUpgraded;
            var gate = server.ApplicationServices.GetRequiredService<ConnectionGate>();
            switch (options.Listen)
            {
                case ListenAddress.Tcp tcp:
                    server.Listen(tcp.EndPoint, gate.Guard);
                    break;
                case ListenAddress.UnixSocket socket:
                    server.ListenUnixSocket(socket.Path, gate.Guard);
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
        OpenFiles.Tell(wanted, options.MaxConnections, app.Logger);
        OperatorApi.Map(app);
        if (options.Telemetry is { } listeners)
        {
            TelemetryParts.Map(app, listeners);
        }

        return app;
    }
}
