using Harmony.Fleet.Agent.Hosting;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Manifests;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reporting;

/// <summary>Reports what stands.</summary>
internal sealed class StateReporter(
    AgentOptions options,
    AgentIdentity identity,
    ReportSources sources,
    IBus bus,
    SignedBucket signed,
    AgentSignals signals,
    Jitter jitter,
    TimeProvider time,
    ILogger<StateReporter> logger)
    : DocumentReporter(options, bus, signed, signals.Report, jitter, time, logger)
{
    private long sequence;
    private Refusal? missing;

    /// <inheritdoc/>
    protected override string Bucket => BucketNames.DeviceState;

    /// <inheritdoc/>
    protected override string Kind => MessageKinds.Report;

    /// <inheritdoc/>
    protected override TimeSpan Delay => options.ReportDelay;

    /// <inheritdoc/>
    protected override ValueTask<byte[]> WriteAsync(CancellationToken cancellationToken)
    {
        var status = sources.Keeper.Status;
        return ValueTask.FromResult(ReportDocument.ToBytes(new DeviceReport
        {
            Device = identity.Device,
            Instance = identity.Instance,
            Sequence = ++sequence,
            At = time.GetUtcNow(),
            ManifestGeneration = status.Mark?.Generation,
            ManifestDigest = status.Mark?.Digest,
            Refusal = status.Refusal ?? ScoreMissing(status),
            Deployments = sources.Board.Reports,
        }));
    }

    /// <summary>A score that the bus does not have is told as a refusal, so that the operator puts it back.</summary>
    private Refusal? ScoreMissing(ManifestStatus status)
    {
        if (sources.Shelf.FirstMissing(status.Manifest?.Entries ?? []) is not { } first)
        {
            return missing = null;
        }

        var message = ErrorText.Cut($"{first.Entry.Namespace}/{first.Entry.Name}: {first.Reason}");
        var generation = status.Mark?.Generation;
        return missing = missing is not null && missing.Message == message && missing.Generation == generation
            ? missing
            : new Refusal { Reason = RefusalReason.ScoreMissing, Generation = generation, Message = message, At = time.GetUtcNow() };
    }
}
