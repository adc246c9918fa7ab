using System.Collections.Immutable;
using System.Text;
using Harmony.Fleet.Adapters.Nats.Accounts;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Deploy.Keys;
using Harmony.Fleet.Deploy.Outcomes;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Programs;
using Harmony.Fleet.Deploy.SmokeTests;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Deploy.Scores;

/// <summary>Puts a <see cref="FleetNatsScore"/> in place.</summary>
public static class FleetNatsDeployment
{
    private const string ConfigName = "nats/nats.conf";

    /// <summary>
    /// Has the server run as the score says; done when the operator can log in and JetStream answers. A server that runs already takes
    /// further devices without a restart.
    /// </summary>
    public static async Task<Attempt<NatsStanding>> DeployAsync<T>(this FleetNatsScore score, T place, TimeProvider time, CancellationToken cancellationToken)
        where T : IHasFiles, IHasPorts, IHasPrograms, IRunsProcesses
    {
        var program = await place.ProvideAsync(FleetProgram.NatsServer, cancellationToken);
        if (!program.IsDone)
        {
            return program.Fault;
        }

        var port = await place.PortAsync("nats", score.Port, cancellationToken);
        if (!port.IsDone)
        {
            return port.Fault;
        }

        var changed = await ConfigureAsync(score, place, port.Value, cancellationToken);
        if (!changed.IsDone)
        {
            return changed.Fault;
        }

        var process = await place.RunAsync(Process(place, program.Value), cancellationToken);
        if (!process.IsDone)
        {
            return process.Fault;
        }

        if (changed.Value)
        {
            process.Value.Reload();
        }

        var standing = new NatsStanding($"nats://127.0.0.1:{port.Value}");
        return await NatsSmokeTest.RunAsync(standing, place.PathOf(KeyPaths.OperatorSeed), process.Value, time, cancellationToken) is { } fault ? fault : standing;
    }

    private static ProcessSpec Process<T>(T place, string program)
        where T : IHasFiles => new()
        {
            Name = "nats",
            Program = program,
            Arguments = ["--config", place.PathOf(ConfigName)],
            LogFile = place.PathOf("logs/nats.log"),
        };

    /// <summary>Writes the server's configuration.</summary>
    /// <returns>Whether it differs from what was there.</returns>
    private static async Task<Attempt<bool>> ConfigureAsync<T>(FleetNatsScore score, T place, int port, CancellationToken cancellationToken)
        where T : IHasFiles
    {
        var keys = new KeyKeeper<T>(place);
        var operatorKey = await keys.OperatorPublicKeyAsync(cancellationToken);
        if (!operatorKey.IsDone)
        {
            return operatorKey.Fault;
        }

        var devices = await UsersAsync(keys, score.Devices, cancellationToken);
        if (!devices.IsDone)
        {
            return devices.Fault;
        }

        foreach (var folder in (string[])["nats/jetstream", "logs"])
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
            StoreDirectory = place.PathOf("nats/jetstream"),
            OperatorPublicKey = operatorKey.Value,
            Devices = devices.Value,
        };
        return await ReplaceAsync(place, Encoding.UTF8.GetBytes(config.Render()), cancellationToken);
    }

    private static async Task<Attempt<ImmutableArray<DeviceUser>>> UsersAsync<T>(KeyKeeper<T> keys, ImmutableArray<DeviceId> devices, CancellationToken cancellationToken)
        where T : IHasFiles
    {
        var users = ImmutableArray.CreateBuilder<DeviceUser>(devices.Length);
        foreach (var device in devices)
        {
            var key = await keys.DevicePublicKeyAsync(device, cancellationToken);
            if (!key.IsDone)
            {
                return key.Fault;
            }

            users.Add(new DeviceUser(device, key.Value));
        }

        return users.MoveToImmutable();
    }

    private static async Task<Attempt<bool>> ReplaceAsync<T>(T place, ReadOnlyMemory<byte> config, CancellationToken cancellationToken)
        where T : IHasFiles
    {
        var before = await place.ReadAsync(ConfigName, cancellationToken);
        if (!before.IsDone)
        {
            return before.Fault;
        }

        if (before.Value.Span.SequenceEqual(config.Span))
        {
            return false;
        }

        return await place.WriteAsync(ConfigName, config, cancellationToken) is { } fault ? fault : true;
    }
}
