using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Keys;
using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Deploy.Scores;

/// <summary>A server that is to run.</summary>
/// <param name="Node">Which one.</param>
/// <param name="Url">Where clients find it.</param>
/// <param name="Config">What its configuration holds.</param>
internal sealed record PlannedNatsNode(NatsNode Node, string Url, byte[] Config)
{
    /// <summary>Its process.</summary>
    public ProcessSpec Process<T>(T place, string program)
        where T : IHasFiles => new()
        {
            Name = Node.Name,
            Program = program,
            Arguments = ["--config", place.PathOf(Node.Config)],
            LogFile = place.PathOf($"logs/{Node.Name}.log"),
            CountedWords = ServerLog.CountedWords,
            Revision = Convert.ToHexStringLower(SHA256.HashData(Config)),
        };
}

/// <summary>What the servers of a <see cref="FleetNatsScore"/> are told: the same accounts, users and limits, and each its own port and folder.</summary>
internal static class NatsConfigs
{
    /// <summary>Plans all of them; makes the keys and chooses the ports that are missing.</summary>
    public static async Task<Outcome<ImmutableArray<PlannedNatsNode>>> PlanAsync<T>(FleetNatsScore score, T place, CancellationToken cancellationToken)
        where T : IHasFiles, IHasPorts
    {
        var nodes = NatsNode.Of(score.Nodes);
        var keys = new KeyStore<T>(place);
        var operatorKey = await keys.OperatorPublicKeyAsync(cancellationToken);
        var devices = operatorKey.IsOk ? await UsersAsync(keys, score.Devices, cancellationToken) : operatorKey.Fault;
        var secret = !devices.IsOk ? devices.Fault : nodes.Length > 1 ? await keys.NatsRouteAsync(cancellationToken) : string.Empty;
        if (!secret.IsOk)
        {
            return secret.Fault;
        }

        var clients = await PortsAsync(place, nodes.Select(node => (node.ClientPort, node.Number == 1 ? score.Port : null)), cancellationToken);
        var routes = !clients.IsOk ? clients.Fault : await PortsAsync(place, nodes.Where(_ => nodes.Length > 1).Select(node => (node.RoutePort, (int?)null)), cancellationToken);
        if (!routes.IsOk)
        {
            return routes.Fault;
        }

        if (await place.EnsureFolderAsync("logs", cancellationToken) is { } fault)
        {
            return fault;
        }

        return nodes.Select((node, at) =>
        {
            var config = new ServerConfig
            {
                Port = clients.Value[at],
                ServerName = node.ServerName,
                StoreDirectory = place.PathOf(node.Folder),
                OperatorPublicKey = operatorKey.Value!,
                Devices = devices.Value,
                Limits = score.Limits ?? ServerLimits.Of(devices.Value.Length),
                DeviceLimits = score.DeviceLimits ?? AccountLimits.OfDevices(devices.Value.Length),
                ControlLimits = AccountLimits.OfControl,
                Cluster = nodes.Length == 1 ? null : new ServerCluster
                {
                    Name = NatsNode.ClusterName,
                    Port = routes.Value[at],
                    Secret = secret.Value,
                    Peers = [.. routes.Value.Select(port => $"127.0.0.1:{port}")],
                },
            };
            return new PlannedNatsNode(node, $"nats://127.0.0.1:{clients.Value[at]}", Encoding.UTF8.GetBytes(config.Render()));
        }).ToImmutableArray();
    }

    private static async Task<Outcome<ImmutableArray<int>>> PortsAsync(IHasPorts place, IEnumerable<(string Use, int? Wanted)> uses, CancellationToken cancellationToken)
    {
        var ports = ImmutableArray.CreateBuilder<int>();
        foreach (var (use, wanted) in uses)
        {
            var port = await place.PortAsync(use, wanted, cancellationToken);
            if (!port.IsOk)
            {
                return port.Fault;
            }

            ports.Add(port.Value);
        }

        return ports.ToImmutable();
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
