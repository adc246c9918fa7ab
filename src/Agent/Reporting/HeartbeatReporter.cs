using System.Text.Json;
using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Hosting;

namespace Harmony.Fleet.Agent.Reporting;

/// <summary>
/// Gives a sign of life. One that is lost is not sent again: the next one says the same. Where another agent's sign is in its place, that agent may have
/// replaced what this one said of itself, too: it is said again, or nobody would know how to ask this one when the other is gone.
/// </summary>
internal sealed class HeartbeatReporter(
    AgentOptions options,
    AgentIdentity identity,
    InventoryReader inventory,
    IBus bus,
    SignedBucket signed,
    AgentSignals signals,
    Jitter jitter,
    TimeProvider time) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            if (bus.Link.IsUp && (await signed.PutAsync(BucketNames.DeviceHeartbeat, MessageKinds.Heartbeat, Write(), stoppingToken)).IsAnothersReplaced)
            {
                signals.Info.Set();
                signals.Report.Set();
            }

            await signals.Heartbeat.WaitAsync(jitter.Around(options.HeartbeatInterval), stoppingToken);
        }
    }

    private byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(
        new Heartbeat
        {
            Device = identity.Device,
            Instance = identity.Instance,
            At = time.GetUtcNow(),
            UptimeSeconds = (long)identity.Uptime.TotalSeconds,
            Load = inventory.Load(),
        },
        ContractsJson.Bus.Heartbeat);
}
