using System.Text.Json;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Configs;
using Harmony.Fleet.Deploy.Keys;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.SmokeTests;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Deploy.Scores;

/// <summary>An operator with a resource store of its own.</summary>
public sealed record FleetOperatorScore
{
    /// <summary>The bus that it uses.</summary>
    public required NatsStanding Nats { get; init; }

    /// <summary>How many of its servers are to hold each bucket; null for one.</summary>
    public int? BucketReplicas { get; init; }

    /// <summary>The port of its API; null for a free one.</summary>
    public int? Port { get; init; }

    /// <summary>Where its measurements go; null for nowhere.</summary>
    public OperatorTelemetry? Telemetry { get; init; }
}

/// <summary>An operator that stands and is ready.</summary>
/// <param name="Url">Its API.</param>
/// <param name="TokenFile">The file with the token that API calls present.</param>
public sealed record OperatorStanding(Uri Url, string TokenFile);

/// <summary>Puts a <see cref="FleetOperatorScore"/> in place.</summary>
public static class FleetOperatorDeployment
{
    private const string ConfigName = "operator/operator.json";

    /// <summary>Has the operator run as the score says; done when it says that it is ready.</summary>
    public static async Task<Outcome<OperatorStanding>> DeployAsync<T>(this FleetOperatorScore score, T place, TimeProvider time, CancellationToken cancellationToken)
        where T : IHasFiles, IHasPorts, IHasPrograms, IRunsProcesses
    {
        var program = await place.ProvideAsync(FleetProgram.Operator, cancellationToken);
        if (!program.IsOk)
        {
            return program.Fault;
        }

        var port = await place.PortAsync("api", score.Port, cancellationToken);
        if (!port.IsOk)
        {
            return port.Fault;
        }

        var standing = new OperatorStanding(new Uri($"http://127.0.0.1:{port.Value}"), place.PathOf(KeyPaths.ApiToken));
        if (await ConfigureAsync(score, place, standing, cancellationToken) is { } fault)
        {
            return fault;
        }

        var process = await place.RunAsync(Process(place, program.Value), cancellationToken);
        if (!process.IsOk)
        {
            return process.Fault;
        }

        return await new OperatorSmokeTest(standing.Url, standing.TokenFile, time).OperatorAsync(process.Value, cancellationToken) is { } unready ? unready : standing;
    }

    private static ProcessSpec Process<T>(T place, string program)
        where T : IHasFiles => new()
        {
            Name = "operator",
            Program = program,
            Arguments = ["--config", place.PathOf(ConfigName)],
            LogFile = place.PathOf("logs/operator.log"),
        };

    private static async Task<Fault?> ConfigureAsync<T>(FleetOperatorScore score, T place, OperatorStanding standing, CancellationToken cancellationToken)
        where T : IHasFiles
    {
        var keys = new KeyStore<T>(place);
        var faults = new[]
        {
            (await keys.MasterAsync(cancellationToken)).Fault,
            (await keys.OperatorPublicKeyAsync(cancellationToken)).Fault,
            (await keys.ApiTokenAsync(cancellationToken)).Fault,
            await place.EnsureFolderAsync("operator/data", cancellationToken),
            await place.EnsureFolderAsync("logs", cancellationToken),
        };
        if (Array.Find(faults, fault => fault is not null) is { } first)
        {
            return first;
        }

        var config = new OperatorConfig
        {
            DataDirectory = place.PathOf("operator/data"),
            Listen = standing.Url.GetLeftPart(UriPartial.Authority),
            TokenFile = standing.TokenFile,
            MasterKeyFile = place.PathOf(KeyPaths.Master),
            KeyEpoch = KeyStore<T>.Epoch,
            Nats = new NatsConfig(score.Nats.Url, place.PathOf(KeyPaths.OperatorSeed)),
            BucketReplicas = score.BucketReplicas,
            Telemetry = score.Telemetry is { } told ? new TelemetryConfig(told.Prometheus, told.OtlpEndpoint, told.OtlpProtocol) : null,
        };
        return await place.WriteAsync(ConfigName, JsonSerializer.SerializeToUtf8Bytes(config, ConfigJson.Default.OperatorConfig), cancellationToken);
    }
}
