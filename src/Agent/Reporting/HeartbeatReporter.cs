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
/// Gives a sign of life. One that is lost is not sent again: the next one says the same. Another agent whose sign was in its place may have replaced what
/// this one said of itself, too. When the other is gone it is said again, or nobody would know how to ask this one; not before, or both would go on for ever.
/// </summary>
internal sealed class HeartbeatReporter(
    AgentOptions options,
    AgentIdentity identity,
    DocumentCounter counter,
    InventoryReader inventory,
    IBus bus,
    SignedBucket signed,
    AgentSignals signals,
    Jitter jitter,
    TimeProvider time) : BackgroundService
{
    /// <summary>So many own signs in a row mean that the other agent is gone: between two of them there may be none of its, for they are not sent to the second.</summary>
    private const int Alone = 2;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        int? alone = null;
        while (true)
        {
            if (bus.Link.IsUp)
            {
                var isAnothers = (await signed.PutAsync(BucketNames.DeviceHeartbeat, MessageKinds.Heartbeat, Write(await counter.NextAsync(stoppingToken)), stoppingToken)).IsAnothersReplaced;
                alone = isAnothers ? 0 : alone + 1;
                if (alone == Alone)
                {
                    await counter.BeginAnewAsync(stoppingToken); // What is older than the other's last word is not heard.
                    alone = null;
                }
            }

            await signals.Heartbeat.WaitAsync(jitter.Around(options.HeartbeatInterval), stoppingToken);
        }
    }

    private byte[] Write(DocumentOrder order) => JsonSerializer.SerializeToUtf8Bytes(
        new Heartbeat
        {
            Device = identity.Device,
            Instance = identity.Instance,
            Boot = order.Boot,
            Sequence = order.Sequence,
            At = time.GetUtcNow(),
            UptimeSeconds = (long)identity.Uptime.TotalSeconds,
            Load = inventory.Load(),
        },
        ContractsJson.Bus.Heartbeat);
}
