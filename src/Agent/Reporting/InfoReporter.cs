using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Agent.Hosting;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reporting;

/// <summary>Says who the device is, what it is made of and what is not well on it.</summary>
internal sealed class InfoReporter(
    AgentOptions options,
    AgentIdentity identity,
    CommandNonce nonce,
    DeviceFacts facts,
    IBus bus,
    SignedBucket signed,
    AgentSignals signals,
    Jitter jitter,
    TimeProvider time,
    ILogger<InfoReporter> logger)
    : DocumentReporter(options, bus, signed, signals.Info, jitter, time, logger)
{
    private static readonly ImmutableArray<string> Capabilities = ["score/PodmanV0", $"command/{Verbs.Ping}", $"command/{Verbs.Logs}"];

    /// <inheritdoc/>
    protected override string Bucket => BucketNames.DeviceInfo;

    /// <inheritdoc/>
    protected override string Kind => MessageKinds.Info;

    /// <inheritdoc/>
    protected override TimeSpan Delay => TimeSpan.Zero;

    /// <inheritdoc/>
    protected override async ValueTask<byte[]> WriteAsync(CancellationToken cancellationToken) => JsonSerializer.SerializeToUtf8Bytes(
        new DeviceInfo
        {
            Device = identity.Device,
            Instance = identity.Instance,
            CommandNonce = nonce.Current,
            At = time.GetUtcNow(),
            AgentVersion = identity.Version,
            Capabilities = Capabilities,
            Labels = options.Labels,
            Inventory = await facts.InventoryAsync(cancellationToken),
            HealthFlags = facts.HealthFlags,
        },
        ContractsJson.Bus.DeviceInfo);
}
