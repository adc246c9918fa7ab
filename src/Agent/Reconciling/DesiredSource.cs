using System.Collections.Immutable;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Manifests;
using Harmony.Fleet.Agent.Scores;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Agent.Reconciling;

/// <summary>Puts together what should stand: the manifest, and the scores that it names.</summary>
internal sealed class DesiredSource(AgentIdentity identity, ManifestStore manifests, ScoreCache scores, AgentSignals signals)
{
    private ManifestMark? swept;

    /// <summary>Everything that should stand; null while that is not known.</summary>
    public async Task<ImmutableArray<DesiredItem>?> ReadAsync(CancellationToken cancellationToken)
    {
        if (manifests.Status is not { Manifest: { } manifest } status)
        {
            return null;
        }

        var items = ImmutableArray.CreateBuilder<DesiredItem>(manifest.Entries.Length);
        var (isComplete, isNew) = (true, false);
        foreach (var entry in manifest.Entries)
        {
            var state = await scores.FindAsync(entry, cancellationToken);
            isComplete &= state is ScoreState.Ready or ScoreState.Unusable;
            isNew |= state is ScoreState.Awaited { Reason: null };
            items.Add(Item(entry, state));
        }

        if (isNew)
        {
            signals.Scores.Set(); // Later tries are paced by the fetcher.
        }

        if (isComplete && swept != status.Mark)
        {
            await scores.SweepAsync(manifest.Entries, cancellationToken);
            swept = status.Mark;
        }

        return items.MoveToImmutable();
    }

    private DesiredItem Item(ManifestEntry entry, ScoreState state)
    {
        var unknown = new DesiredDeployment(new DeploymentKey(entry.Namespace, entry.Name), entry.Uid, entry.ScoreDigest, null);
        return state switch
        {
            ScoreState.Ready ready => new(unknown with { Containers = ContainerSpecs.From(entry, ready.Score, identity.Device) }, null),
            ScoreState.Unusable unusable => new(unknown, Phases.Failed(unusable.Reason)),
            ScoreState.Missing missing => new(unknown, Phases.Failed(missing.Reason)),
            ScoreState.Awaited awaited => new(unknown, new PhaseVerdict(Phase.Pending, awaited.Reason is { } reason ? ErrorText.Cut(reason) : null)),
            _ => throw new InvalidOperationException($"The state '{state}' is not known."),
        };
    }
}

/// <summary>One deployment of the manifest.</summary>
/// <param name="Deployment">What should stand.</param>
/// <param name="Problem">Why nothing can be done for it; null when something can.</param>
internal sealed record DesiredItem(DesiredDeployment Deployment, PhaseVerdict? Problem);
