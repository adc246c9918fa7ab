using Harmony.Fleet.Operator.Api;
using Microsoft.Extensions.Logging.Console;

namespace Harmony.Fleet.Operator.Hosting;

/// <summary>Puts the operator together.</summary>
internal static class OperatorHost
{
    /// <summary>How long a stop may take before what still runs is cut off.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

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
        AddLogging(builder.Logging);
        var services = builder.Services;
        services.AddRoutingCore();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = StopLimit);
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IReadinessCheck, StoreCheck>();
        services.AddSingleton<IReadinessCheck, LinkCheck>();
        outside(services);
        OperatorApi.AddServices(services);
        var app = builder.Build();
        OperatorApi.Map(app);
        return app;
    }

    /// <summary>Logs as lines of text, each with its time.</summary>
    public static void AddLogging(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
    }
}
