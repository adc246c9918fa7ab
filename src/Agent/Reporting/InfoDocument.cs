using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Agent.Reporting;

/// <summary>Who the device is, what it is made of and what is not well on it.</summary>
internal sealed class InfoDocument(
    AgentOptions options, AgentIdentity identity, DocumentCounter counter, CommandNonce nonce, DeviceFacts facts, AgentSignals signals, TimeProvider time) : IReportedDocument
{
    private static readonly ImmutableArray<string> Capabilities = ["score/PodmanV0", $"command/{Verbs.Ping}", $"command/{Verbs.Logs}"];

    /// <inheritdoc/>
    public string Bucket => BucketNames.DeviceInfo;

    /// <inheritdoc/>
    public string Kind => MessageKinds.Info;

    /// <inheritdoc/>
    public AutoResetSignal Changed => signals.Info;

    /// <inheritdoc/>
    public TimeSpan Delay => TimeSpan.Zero;

    /// <inheritdoc/>
    public async ValueTask<byte[]> WriteAsync(CancellationToken cancellationToken)
    {
        var inventory = await facts.InventoryAsync(cancellationToken);
        var order = await counter.NextAsync(cancellationToken);
        return JsonSerializer.SerializeToUtf8Bytes(
            new DeviceInfo
            {
                Device = identity.Device,
                Instance = identity.Instance,
                Boot = order.Boot,
                Sequence = order.Sequence,
                CommandNonce = nonce.Current,
                At = time.GetUtcNow(),
                AgentVersion = identity.Version,
                Capabilities = Capabilities,
                Labels = options.Labels,
                Inventory = inventory,
                HealthFlags = facts.HealthFlags,
            },
            ContractsJson.Bus.DeviceInfo);
    }

    /// <inheritdoc/>
    public void Stored()
    {
        // It tells nothing but the present.
    }
}
