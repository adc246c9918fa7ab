using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;

namespace Harmony.Fleet.Cli.Server;

/// <summary>
/// Reads when devices were last heard of, where that is to be had: their resources do not say, because they are written when something
/// changes, not with each heartbeat. The time is that of the bus, whatever the devices' clocks show.
/// </summary>
internal sealed class HeartbeatReader(FleetClient client, TimeProvider time)
{
    // A column of a table is not worth a longer wait: the bus may be away.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>No heartbeats.</summary>
    public static ImmutableDictionary<string, DateTimeOffset> None { get; } = ImmutableDictionary.Create<string, DateTimeOffset>(StringComparer.Ordinal);

    /// <summary>The time of each device's last heartbeat; of <paramref name="device"/> alone where it is not null.</summary>
    public async Task<ImmutableDictionary<string, DateTimeOffset>> ReadAsync(string? device, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return device is null ? await AllAsync(stop.Token) : await OneAsync(device, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return None;
        }
    }

    private async Task<ImmutableDictionary<string, DateTimeOffset>> OneAsync(string device, CancellationToken cancellationToken)
    {
        var value = await client.ValueAsync(BucketNames.DeviceHeartbeat, device, reveal: false, cancellationToken);
        return value.IsOk ? None.SetItem(device, value.Value.Created) : None;
    }

    private async Task<ImmutableDictionary<string, DateTimeOffset>> AllAsync(CancellationToken cancellationToken)
    {
        var opened = await client.ValuesAsync(BucketNames.DeviceHeartbeat, cancellationToken);
        if (!opened.IsOk)
        {
            return None;
        }

        var heartbeats = None.ToBuilder();
        await using var lines = opened.Value;
        while (await lines.NextAsync(cancellationToken) is { IsOk: true, Value: { } line })
        {
            var value = client.Parse(ContractsJson.Api.BucketValue, line);
            if (value is { IsOk: true, Value: { Deleted: false } beat })
            {
                heartbeats[beat.Key] = beat.Created;
            }
        }

        return heartbeats.ToImmutable();
    }
}
