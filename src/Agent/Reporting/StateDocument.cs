using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Manifests;
using Harmony.Fleet.Agent.Reconciling;
using Harmony.Fleet.Agent.Scores;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Agent.Reporting;

/// <summary>The report of what stands.</summary>
internal sealed class StateDocument(
    AgentOptions options,
    AgentIdentity identity,
    DocumentCounter counter,
    ManifestStore manifests,
    ScoreCache scores,
    DeploymentStatuses statuses,
    AgentSignals signals,
    TimeProvider time)
    : IReportedDocument
{
    /// <summary>How long a refusal stands in the report before a missing score takes its place: whoever watches has read it by then.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private Refusal? missing;
    private Refusal? refused;
    private Refusal? told;
    private bool goesOn;

    /// <inheritdoc/>
    public string Bucket => BucketNames.DeviceState;

    /// <inheritdoc/>
    public string Kind => MessageKinds.Report;

    /// <inheritdoc/>
    public AutoResetSignal Changed => signals.Report;

    /// <inheritdoc/>
    public TimeSpan Delay => goesOn ? Between : options.ReportDelay;

    /// <inheritdoc/>
    public async ValueTask<byte[]> WriteAsync(CancellationToken cancellationToken)
    {
        goesOn = false;
        await statuses.Complete.WaitAsync(cancellationToken);
        var order = await counter.NextAsync(cancellationToken);
        var status = manifests.Status;
        var (manifest, score) = (status.Refusal ?? manifests.Unreported, ScoreMissing(status));

        // That a stale manifest was refused is seen by the generation that is held, and others are told once; that a score is missing is seen nowhere else.
        refused = score is not null && (manifest is { Reason: RefusalReason.Stale } || manifest == told) ? null : manifest;
        return ReportDocument.ToBytes(new DeviceReport
        {
            Device = identity.Device,
            Instance = identity.Instance,
            Boot = order.Boot,
            Sequence = order.Sequence,
            At = time.GetUtcNow(),
            ManifestGeneration = status.Mark?.Generation,
            ManifestDigest = status.Mark?.Digest,
            Refusal = refused ?? score,
            Deployments = statuses.Reports,
        });
    }

    /// <inheritdoc/>
    public void Stored()
    {
        if (refused is not null)
        {
            manifests.Reported(refused);
            told = refused;
            if (missing is not null)
            {
                goesOn = true;
                signals.Report.Set();
            }
        }
    }

    /// <summary>A score that the bus does not have is told as a refusal, so that the operator puts it back.</summary>
    private Refusal? ScoreMissing(ManifestStatus status)
    {
        if (scores.FirstMissing(status.Manifest?.Entries ?? []) is not { } first)
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
