using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Configs;
using Harmony.Fleet.Deploy.Keys;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.SmokeTests;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Deploy.Scores;

/// <summary>A device's agent, with the podman that it drives.</summary>
public sealed record FleetAgentScore
{
    /// <summary>Who the device is.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>The control plane that it belongs to.</summary>
    public required ServerStanding Server { get; init; }

    /// <summary>The labels that it reports.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>A device that is reachable.</summary>
/// <param name="Device">Who it is.</param>
/// <param name="PodmanSocket">The socket of its podman.</param>
public sealed record AgentStanding(DeviceId Device, string PodmanSocket);

/// <summary>Puts a <see cref="FleetAgentScore"/> in place.</summary>
public static class FleetAgentDeployment
{
    /// <summary>Has the device's podman and agent run; done when the operator reaches the device.</summary>
    public static async Task<Outcome<AgentStanding>> DeployAsync<T>(this FleetAgentScore score, T place, TimeProvider time, CancellationToken cancellationToken)
        where T : IHasFiles, IHasPrograms, IRunsProcesses, IRunsPodman
    {
        foreach (var needed in (FleetProgram[])[FleetProgram.Podman, FleetProgram.Agent])
        {
            if ((await place.ProvideAsync(needed, cancellationToken)).Fault is { } missing)
            {
                return missing;
            }
        }

        var program = await place.ProvideAsync(FleetProgram.Agent, cancellationToken);
        if (await EnrolAsync(score, place, cancellationToken) is { } refused)
        {
            return refused;
        }

        var socket = await place.PodmanAsync(score.Device, cancellationToken);
        if (!socket.IsOk)
        {
            return socket.Fault;
        }

        if (await ConfigureAsync(score, place, socket.Value, cancellationToken) is { } fault)
        {
            return fault;
        }

        var process = await place.RunAsync(Process(score, place, program.Value!), cancellationToken);
        if (!process.IsOk)
        {
            return process.Fault;
        }

        var standing = new AgentStanding(score.Device, socket.Value);
        var operators = score.Server.Operator;
        return await new OperatorSmokeTest(operators.Url, operators.TokenFile, time).AgentAsync(score.Device, process.Value, cancellationToken) is { } unreachable ? unreachable : standing;
    }

    private static ProcessSpec Process<T>(FleetAgentScore score, T place, string program)
        where T : IHasFiles => new()
        {
            Name = score.Device.Value,
            Program = program,
            Arguments = ["--config", place.PathOf(ConfigName(score))],
            LogFile = place.PathOf($"logs/{score.Device}.log"),
        };

    private static string ConfigName(FleetAgentScore score) => $"devices/{score.Device}/agent.json";

    /// <summary>Makes the device's own key, and hands it the keys that it shares with the control plane.</summary>
    private static async Task<Fault?> EnrolAsync<T>(FleetAgentScore score, T place, CancellationToken cancellationToken)
        where T : IHasFiles
    {
        var keys = new KeyStore<T>(place);
        var master = await keys.MasterAsync(cancellationToken);
        return !master.IsOk
            ? master.Fault
            : (await keys.DevicePublicKeyAsync(score.Device, cancellationToken)).Fault ?? await keys.HandOverAsync(score.Device, master.Value, cancellationToken);
    }

    private static async Task<Fault?> ConfigureAsync<T>(FleetAgentScore score, T place, string socket, CancellationToken cancellationToken)
        where T : IHasFiles
    {
        var state = $"devices/{score.Device}/state";
        if (await place.EnsureFolderAsync(state, cancellationToken) is { } fault)
        {
            return fault;
        }

        var config = new AgentConfig
        {
            DeviceId = score.Device,
            StateDirectory = place.PathOf(state),
            KeyFile = place.PathOf(KeyPaths.DeviceKeys(score.Device)),
            Nats = new NatsConfig(score.Server.Nats.Url, place.PathOf(KeyPaths.DeviceSeed(score.Device))),
            Podman = new PodmanConfig(socket),
            Labels = score.Labels,
        };
        return await place.WriteAsync(ConfigName(score), JsonSerializer.SerializeToUtf8Bytes(config, ConfigJson.Default.AgentConfig), cancellationToken);
    }
}
