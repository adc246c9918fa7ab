using System.Collections.Immutable;
using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Hosting.Options;
using Harmony.Fleet.Hosting.SelfTests;
using Harmony.Fleet.Hosting.Services;
using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Operator.Sessions;

namespace Harmony.Fleet.Operator.Hosting;

/// <summary>The operator as a program.</summary>
internal sealed class OperatorService : IService<OperatorOptions>
{
    /// <inheritdoc/>
    public string Name => "fleet-operator";

    /// <inheritdoc/>
    public string Purpose => "The control plane: keeps what is wanted, tells each device its part, and serves the API.";

    /// <inheritdoc/>
    public string DefaultConfig => "/etc/harmony-fleet/operator.json";

    /// <inheritdoc/>
    public OptionsOutcome<OperatorOptions> Load(string file) => OperatorOptionsReader.Read(file);

    /// <inheritdoc/>
    public ImmutableArray<SelfTestStep> SelfTest(OperatorOptions? options) =>
    [
        options is null ? SelfTestStep.Untried("nats") : new SelfTestStep("nats", token => Surroundings.LookAtNatsAsync(options, token)),
        options is null ? SelfTestStep.Untried("disk") : MachineSteps.Disk(options.DataDirectory),
        MachineSteps.Clock(TimeProvider.System),
    ];

    /// <inheritdoc/>
    public async Task<int> RunAsync(OperatorOptions options, CancellationToken stop)
    {
        using var logging = LoggerFactory.Create(ServiceHost.AddConsole);
        switch (Surroundings.OpenStore(options, TimeProvider.System, logging))
        {
            case OpenOutcome.Opened opened:
                await using (opened.Store)
                {
                    return await ServeAsync(options, opened.Store, logging, stop);
                }

            case OpenOutcome.Refused refused:
                throw new StartException(refused.Reason) { ExitCode = refused.Cause == OpenRefusal.NoLibrary ? ExitCodes.NeedMissing : ExitCodes.Failed };
            case var other:
                throw new InvalidOperationException($"The outcome {other} is not handled.");
        }
    }

    private static async Task<int> ServeAsync(OperatorOptions options, SqliteStore store, ILoggerFactory logging, CancellationToken stop)
    {
        await using var bus = Surroundings.Connect(options, "fleet-operator", TimeProvider.System, logging);
        await using var sessions = Surroundings.Connect(options, "fleet-operator-sessions", TimeProvider.System, logging);
        await using var app = OperatorHost.Build(options, services =>
        {
            Surroundings.Add(services, store, bus, sessions, isMeasured: options.Telemetry is not null);
            services.AddFleetControl(options.MasterKey, options.KeyEpoch, bucketReplicas: options.BucketReplicas);
            services.AddDeviceCommands();
        });
        try
        {
            if (options.Listen is ListenAddress.UnixSocket socket)
            {
                SocketFile.MakeRoom(socket.Path);
            }

            return await ServiceHost.RunAsync(app, stop);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The operator cannot listen on {options.Listen}: {error.Message}", error);
        }
    }
}
