using System.Collections.Concurrent;
using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>Makes containers what the manifest wants, by the real planner: one effect after the other, each of which may fail, or be the last before the agent ends.</summary>
internal sealed class SimulatedReconciler(World world, SimulatedAgent agent)
{
    // The same scores come in each seed.
    private static readonly ConcurrentDictionary<Digest, PodmanV0Score> Opened = new();

    private readonly SimulatedRuntime runtime = new(agent.Id);
    private readonly HashSet<Digest> scores = [];
    private readonly HashSet<DeploymentKey> failed = [];
    private readonly Dictionary<(string Uid, Digest Address), ImmutableArray<ContainerSpec>> specs = [];
    private readonly Queue<(DeploymentPlan Part, Effect Effect)> waiting = new();
    private (DeviceManifest? Manifest, ManifestMark? Mark) wanted;
    private int? busy;

    /// <summary>What runs, by what its labels tell of it.</summary>
    public IEnumerable<(DeploymentName Name, string Uid, Digest ScoreDigest)> Running => runtime.Observed
        .Where(container => container.State == ContainerState.Running && Ownership.DeploymentOf(container, agent.Id) is not null)
        .Select(container => (DeploymentName.Parse(container.Labels[ContainerLabels.Deployment]), container.Labels[ContainerLabels.Uid], Digest.Parse(container.Labels[ContainerLabels.ScoreDigest])));

    private Schedule Schedule => world.Schedule;

    public void LoseScores() => scores.Clear();

    public void CutPower() => runtime.CutPower();

    /// <summary>This is wanted from now on; null where nobody knows.</summary>
    public void Bring(DeviceManifest? manifest, ManifestMark? mark)
    {
        wanted = (manifest, mark);
        if (busy != agent.Life)
        {
            Begin();
        }
    }

    public ImmutableArray<DeploymentReport> Reports(DeviceManifest? manifest, DateTimeOffset now) => manifest is null ? [] :
    [
        .. manifest.Entries.Select(entry =>
        {
            var verdict = VerdictOf(entry, now);
            return new DeploymentReport
            {
                Namespace = entry.Namespace,
                Name = entry.Name,
                Uid = entry.Uid,
                ScoreDigest = entry.ScoreDigest,
                Phase = verdict.Phase,
                Since = now,
                LastError = verdict.Error,
                Completed = verdict.IsCompleted,
            };
        }),
    ];

    private PhaseVerdict VerdictOf(ManifestEntry entry, DateTimeOffset now)
    {
        var desired = Desired(entry);
        var standing = runtime.Observed.Where(container => Ownership.DeploymentOf(container, agent.Id) == desired.Key).ToImmutableArray();
        var isAtRest = Planner.Make(agent.Id, [desired], standing, now).IsEmpty || world.Planted == PlantedBug.PlanTakenForDone;
        return (desired.Containers, isAtRest) switch
        {
            (null, _) => new PhaseVerdict(Phase.Pending, null),
            (_, true) when world.Planted == PlantedBug.PlanTakenForDone => new PhaseVerdict(Phase.Running, null),
            ({ } specs, true) => Phases.AtRest(specs, standing, now),
            _ => failed.Contains(desired.Key) ? Phases.Failed("it did not start") : new PhaseVerdict(Phase.Pending, null),
        };
    }

    private DesiredDeployment Desired(ManifestEntry entry) => new(
        new DeploymentKey(entry.Namespace, entry.Name), entry.Uid, entry.ScoreDigest, scores.Contains(entry.Address) ? SpecsOf(entry) : null);

    private ImmutableArray<ContainerSpec> SpecsOf(ManifestEntry entry) =>
        specs.TryGetValue((entry.Uid, entry.Address), out var known) ? known : specs[(entry.Uid, entry.Address)] = ContainerSpecs.From(entry, Opened[entry.Address], agent.Id);

    private void Begin()
    {
        var plan = wanted.Manifest is { } manifest ? PlanOf(manifest) : KeepAlive.Make(agent.Id, runtime.Observed, agent.Clock);
        waiting.Clear();
        foreach (var part in plan.Deployments.Where(part => !IsLeftOut(part)))
        {
            foreach (var effect in part.Effects)
            {
                waiting.Enqueue((part, effect));
            }
        }

        busy = waiting.Count > 0 ? agent.Life : null;
        Next();
    }

    private Plan PlanOf(DeviceManifest manifest)
    {
        var missing = manifest.Entries.Where(entry => !scores.Contains(entry.Address) && !Fetch(entry)).Select(entry => (Digest?)entry.Address).FirstOrDefault();
        agent.Missing(missing);
        if (missing is not null)
        {
            Again(5);
        }

        return Planner.Make(agent.Id, manifest.Entries.Select(Desired), runtime.Observed, agent.Clock);
    }

    private bool IsLeftOut(DeploymentPlan part) => (world.Planted, part.Kind) is (PlantedBug.OrphansLeft, PlanKind.Remove) or (PlantedBug.OldVersionKept, PlanKind.Replace) or (PlantedBug.RestartForgotten, PlanKind.Start);

    private void Next()
    {
        var (mine, by) = (agent.Life, wanted);
        if (!waiting.TryDequeue(out var next))
        {
            return;
        }

        Schedule.After(Schedule.Between(0.01, 0.2), () =>
        {
            if (mine != agent.Life)
            {
                return;
            }

            if (ReferenceEquals(by.Manifest, wanted.Manifest))
            {
                Carry(next.Part, next.Effect);
            }

            if (waiting.Count > 0 && ReferenceEquals(by.Manifest, wanted.Manifest))
            {
                Next();
                return;
            }

            busy = null;
            agent.Reconcile();
        });
    }

    private void Carry(DeploymentPlan part, Effect effect)
    {
        if (world.Faults.IsLost())
        {
            failed.Add(part.Key);
            while (waiting.TryPeek(out var next) && next.Part == part)
            {
                waiting.Dequeue();
            }
        }
        else
        {
            Tell(part, effect);
            runtime.Apply(effect);
            failed.Remove(part.Key);
        }

        agent.Changed();
    }

    private void Tell(DeploymentPlan part, Effect effect)
    {
        world.Trace.Say($"{agent.Id}: {effect}, to {part.Kind} {part.Key.Name} by {wanted.Mark}");
        var labels = runtime.Observed.FirstOrDefault(container => container.Name == (effect as Effect.Start)?.Name || container.Name == (effect as Effect.Remove)?.Name)?.Labels;
        switch (effect)
        {
            case Effect.Remove when part.Kind == PlanKind.Remove && wanted.Mark is { } mark:
                world.Invariants.Removed(agent.Id, part.Key, labels![ContainerLabels.Uid], mark);
                break;
            case Effect.Start:
                world.Invariants.Started(agent.Id, part.Key, labels![ContainerLabels.Uid], Digest.Parse(labels[ContainerLabels.ScoreDigest]), isWanted: wanted.Manifest is not null);
                break;
        }
    }

    private bool Fetch(ManifestEntry entry)
    {
        if (!agent.Link.IsUp || world.Bus[BucketNames.Scores].Get(entry.Address.Value) is not { } found || (Digest.Of(found.Value) != entry.Address && world.Planted != PlantedBug.ScoreUnverified))
        {
            return false;
        }

        Invariants.Fetched(agent.Id, entry.Address, found.Value);
        Opened.GetOrAdd(entry.Address, _ => ((ScoreParseOutcome.Parsed)CanonicalScore.Parse(((UnsealOutcome.Opened)ScoreSealer.Open(entry, found.Value)).Plain)).Score.PodmanV0!);
        agent.Changed(); // What stands of it can be judged now.
        return scores.Add(entry.Address);
    }

    private void Again(double seconds)
    {
        var mine = agent.Life;
        Schedule.After(Schedule.Between(seconds / 2, seconds), () =>
        {
            if (mine == agent.Life)
            {
                agent.Reconcile();
            }
        });
    }
}
