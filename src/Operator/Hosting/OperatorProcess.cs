using System.Reflection;
using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Operator.Sessions;

namespace Harmony.Fleet.Operator.Hosting;

/// <summary>The operator from its arguments to its exit code.</summary>
internal static class OperatorProcess
{
    /// <summary>Runs until it is told to stop (SIGTERM, SIGINT).</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        if (args is ["--help"] or ["-h"])
        {
            await output.WriteLineAsync(CommandLine.Usage);
            return ExitCodes.Done;
        }

        if (args is ["--version"])
        {
            await output.WriteLineAsync(Version);
            return ExitCodes.Done;
        }

        if (CommandLine.Parse(args) is not { } line)
        {
            await errors.WriteLineAsync(CommandLine.Usage);
            return ExitCodes.Usage;
        }

        switch (OptionsLoader.Load(line.ConfigPath))
        {
            case OptionsOutcome.Loaded loaded:
                return await RunAsync(loaded.Options, errors);
            case OptionsOutcome.Invalid invalid:
                await errors.WriteLineAsync($"The operator cannot start with {line.ConfigPath}:");
                foreach (var error in invalid.Errors)
                {
                    await errors.WriteLineAsync($"  {error}");
                }

                return ExitCodes.Usage;
            case var other:
                throw new InvalidOperationException($"The outcome {other} is not handled.");
        }
    }

    private static string? Version =>
        typeof(OperatorProcess).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    private static async Task<int> RunAsync(OperatorOptions options, TextWriter errors)
    {
        using var logging = LoggerFactory.Create(OperatorHost.AddLogging);
        switch (Surroundings.OpenStore(options, TimeProvider.System, logging))
        {
            case OpenOutcome.Opened opened:
                await using (opened.Store)
                {
                    return await ServeAsync(options, opened.Store, logging, errors);
                }

            case OpenOutcome.Refused refused:
                await errors.WriteLineAsync(refused.Reason);
                return ExitCodes.Failed;
            case var other:
                throw new InvalidOperationException($"The outcome {other} is not handled.");
        }
    }

    private static async Task<int> ServeAsync(OperatorOptions options, SqliteStore store, ILoggerFactory logging, TextWriter errors)
    {
        await using var bus = Surroundings.Connect(options, "fleet-operator", TimeProvider.System, logging);
        await using var sessions = Surroundings.Connect(options, "fleet-operator-sessions", TimeProvider.System, logging);
        await using var app = OperatorHost.Build(options, services =>
        {
            Surroundings.Add(services, store, bus, sessions);
            services.AddFleetControl(options.MasterKey, options.KeyEpoch);
            services.AddDeviceCommands();
        });
        try
        {
            if (options.Listen is ListenAddress.UnixSocket socket)
            {
                SocketFile.MakeRoom(socket.Path);
            }

            await app.StartAsync();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What had begun before ends in order, while the store and the bus are still there.
            await app.StopAsync(CancellationToken.None);
            await errors.WriteLineAsync($"The operator cannot listen on {options.Listen}: {error.Message}");
            return ExitCodes.Failed;
        }

        await app.WaitForShutdownAsync();
        return HasFailed(app.Services) ? ExitCodes.Failed : ExitCodes.Done;
    }

    /// <summary>Whether it stopped because one of its own parts ended with an error.</summary>
    private static bool HasFailed(IServiceProvider services) =>
        services.GetServices<IHostedService>().OfType<BackgroundService>().Any(part => part.ExecuteTask is { IsFaulted: true });
}
