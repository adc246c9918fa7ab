using Harmony.Fleet.Hosting.Systemd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Harmony.Fleet.Hosting.Services;

/// <summary>The host of a service's parts, from its start to its end.</summary>
public static partial class ServiceHost
{
    /// <summary>How long a stop may take before what still runs is cut off.</summary>
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    /// <summary>Adds what every service has: its logs, its clock, how it is stopped, and what it tells systemd.</summary>
    public static void AddService(this IServiceCollection services)
    {
        services.AddLogging(AddConsole);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = StopLimit);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IHostLifetime, SignalledLifetime>();
        services.AddLoopLiveness();
        services.TryAddSingleton<ISystemdNotifier>(new SystemdNotifier());
        services.AddHostedService<SystemdReporter>();
    }

    /// <summary>Adds what the loop that a service lives by tells of itself: for whoever registers that loop.</summary>
    public static IServiceCollection AddLoopLiveness(this IServiceCollection services)
    {
        services.TryAddSingleton(Watchdog.FromEnvironment());
        services.TryAddSingleton<LoopLiveness>();
        return services;
    }

    /// <summary>Logs as lines of text, each with its time; with their priority where systemd's journal reads them.</summary>
    public static void AddConsole(ILoggingBuilder logging)
    {
        // Not AddConsole: a native program carries what that registers, other formats and how all of them are configured.
        // Where nobody reads what is logged, lines are dropped, and counted: no work is to wait for a reader.
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
            (console.FormatterName, console.QueueFullMode) = (LogLineFormatter.FormatterName, ConsoleLoggerQueueFullMode.DropWrite));
        logging.Services.AddSingleton<ConsoleFormatter>(parts => new LogLineFormatter(JournalStream.IsOutput(), parts.GetService<TimeProvider>() ?? TimeProvider.System));
        logging.Services.AddSingleton<ILoggerProvider, ConsoleLoggerProvider>();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // What it would log is told here, or by whoever catches it.
    }

    /// <summary>Runs a host until <paramref name="stop"/> is cancelled, or one of its parts breaks.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IHost host, CancellationToken stop)
    {
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ServiceHost));
        try
        {
            // Not to be broken off half-way: no part does more than begin here, and what has begun is ended in order.
            await host.StartAsync(CancellationToken.None);
            await UntilAsync(stop, host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }

        var broken = host.Services.GetServices<IHostedService>().OfType<BackgroundService>().Where(part => part.ExecuteTask is { IsFaulted: true }).ToArray();
        foreach (var part in broken)
        {
            var (name, error) = (part.GetType().Name, part.ExecuteTask!.Exception!.GetBaseException());
            LogBroken(logger, name, error);
        }

        return broken.Length > 0 ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static async Task UntilAsync(CancellationToken one, CancellationToken other)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(one, other);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(EventId = 5001, Level = LogLevel.Critical, Message = "{Part} broke, and so everything was stopped")]
    private static partial void LogBroken(ILogger logger, string part, Exception error);

    /// <summary>The host is stopped by whoever runs it, and waits for nothing.</summary>
    private sealed class SignalledLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
