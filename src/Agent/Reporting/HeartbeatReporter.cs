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

/// <summary>Gives a sign of life. One that is lost is not sent again: the next one says the same.</summary>
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
            if (bus.Link.IsUp)
            {
                await signed.PutAsync(BucketNames.DeviceHeartbeat, MessageKinds.Heartbeat, Write(), stoppingToken);
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
