using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Keys;
using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.SmokeTests;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Deploy.Scores;

/// <summary>A NATS server with the fleet's two accounts, the operator in one and each device in the other.</summary>
public sealed record FleetNatsScore
{
    /// <summary>The devices that may log in.</summary>
    public ImmutableArray<DeviceId> Devices { get; init; } = [];

    /// <summary>The port to listen on; null for a free one.</summary>
    public int? Port { get; init; }

    /// <summary>What all connections together, and each of them, may take; null for what so many devices need.</summary>
    public ServerLimits? Limits { get; init; }

    /// <summary>What the devices' account may take; null for what so many devices need.</summary>
    public AccountLimits? DeviceLimits { get; init; }
}

/// <summary>A NATS server that stands and answers.</summary>
/// <param name="Url">Where.</param>
public sealed record NatsStanding(string Url);

/// <summary>Puts a <see cref="FleetNatsScore"/> in place.</summary>
public static class FleetNatsDeployment
{
    private const string ConfigName = "nats/nats.conf";

    /// <summary>
    /// Has the server run as the score says; done when the operator can log in and JetStream answers. A server that runs already takes
    /// further devices without a restart.
    /// </summary>
    public static async Task<Outcome<NatsStanding>> DeployAsync<T>(this FleetNatsScore score, T place, TimeProvider time, CancellationToken cancellationToken)
        where T : IHasFiles, IHasPorts, IHasPrograms, IRunsProcesses
    {
        var program = await place.ProvideAsync(FleetProgram.NatsServer, cancellationToken);
        if (!program.IsOk)
        {
            return program.Fault;
        }

        var port = await place.PortAsync("nats", score.Port, cancellationToken);
        if (!port.IsOk)
        {
            return port.Fault;
        }

        var config = await ConfigureAsync(score, place, port.Value, cancellationToken);
        if (!config.IsOk)
        {
            return config.Fault;
        }

        var process = await place.RunAsync(Process(place, program.Value, config.Value), cancellationToken);
        if (!process.IsOk)
        {
            return process.Fault;
        }

        var standing = new NatsStanding($"nats://127.0.0.1:{port.Value}");
        return await NatsSmokeTest.RunAsync(standing.Url, place.PathOf(KeyPaths.OperatorSeed), process.Value, time, cancellationToken) is { } fault ? fault : standing;
    }

    private static ProcessSpec Process<T>(T place, string program, byte[] config)
        where T : IHasFiles => new()
        {
            Name = "nats",
            Program = program,
            Arguments = ["--config", place.PathOf(ConfigName)],
            LogFile = place.PathOf("logs/nats.log"),
            CountedWords = ServerLog.CountedWords,
            Revision = Convert.ToHexStringLower(SHA256.HashData(config)),
        };

    /// <summary>Writes the server's configuration.</summary>
    /// <returns>What it holds.</returns>
    private static async Task<Outcome<byte[]>> ConfigureAsync<T>(FleetNatsScore score, T place, int port, CancellationToken cancellationToken)
        where T : IHasFiles
    {
        var keys = new KeyStore<T>(place);
        var operatorKey = await keys.OperatorPublicKeyAsync(cancellationToken);
        if (!operatorKey.IsOk)
        {
            return operatorKey.Fault;
        }

        var devices = await UsersAsync(keys, score.Devices, cancellationToken);
        if (!devices.IsOk)
        {
            return devices.Fault;
        }

        foreach (var folder in (string[])["nats", "logs"])
        {
            if (await place.EnsureFolderAsync(folder, cancellationToken) is { } fault)
            {
                return fault;
            }
        }

        var config = new ServerConfig
        {
            Port = port,
            ServerName = "harmony-fleet",
            StoreDirectory = place.PathOf("nats"),
            OperatorPublicKey = operatorKey.Value,
            Devices = devices.Value,
            Limits = score.Limits ?? ServerLimits.Of(devices.Value.Length),
            DeviceLimits = score.DeviceLimits ?? AccountLimits.OfDevices(devices.Value.Length),
            ControlLimits = AccountLimits.OfControl,
        };
        var bytes = Encoding.UTF8.GetBytes(config.Render());
        return await place.WriteAsync(ConfigName, bytes, cancellationToken) is { } unwritten ? unwritten : bytes;
    }

    private static async Task<Outcome<ImmutableArray<DeviceUser>>> UsersAsync<T>(KeyStore<T> keys, ImmutableArray<DeviceId> devices, CancellationToken cancellationToken)
        where T : IHasFiles
    {
        var users = ImmutableArray.CreateBuilder<DeviceUser>(devices.Length);
        foreach (var device in devices)
        {
            var key = await keys.DevicePublicKeyAsync(device, cancellationToken);
            if (!key.IsOk)
            {
                return key.Fault;
            }

            users.Add(new DeviceUser(device, key.Value));
        }

        return users.MoveToImmutable();
    }
}
