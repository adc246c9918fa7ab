using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>Creates, changes and deletes Deployments; labels and deletes devices.</summary>
internal sealed class Administrator(World world)
{
    public static readonly ImmutableArray<string> Names = ["alpha", "beta", "gamma", "delta"];
    private static readonly string[] Groups = ["a", "b", "c"];
    private const double GoneSeconds = 150;
    private int images;
    private bool isOver;

    private Schedule Schedule => world.Schedule;

    public void Begin() => Schedule.After(Schedule.Between(1, 20), Act);

    public void End() => isOver = true;

    /// <summary>Looks through what is held, as somebody does who is told of it, and lets it go.</summary>
    /// <returns>Whether there was any that is not let go yet.</returns>
    public bool Approve()
    {
        var hasFound = false;
        foreach (var held in world.Deployments.Items.Values.Where(one => one.Status?.Conditions.Of(ConditionTypes.RemovalHeld) is { Status: ConditionStatus.True }).ToArray())
        {
            var approval = $"{held.Metadata.Generation}/{held.Status!.RemovalHeldCount}/{held.Status.RemovalHold}";
            if (held.Metadata.Annotations.GetValueOrDefault(ApiGroup.ApproveRemovalAnnotation) != approval)
            {
                hasFound = true;
                world.Trace.Say($"approve the removal of {held.Metadata.Name}");
                world.Deployments.Update(held with { Metadata = held.Metadata with { Annotations = held.Metadata.Annotations.SetItem(ApiGroup.ApproveRemovalAnnotation, approval) } });
            }
        }

        return hasFound;
    }

    private void Act()
    {
        if (isOver)
        {
            return;
        }

        switch (Schedule.Random.Next(10))
        {
            case < 3:
                Create(Schedule.Pick(Names));
                break;
            case < 5:
                Change(spec => spec with { Score = Score() });
                break;
            case < 6:
                Change(spec => spec with { TargetSelector = Selector() });
                break;
            case < 7:
                Delete(Schedule.Pick(Names));
                break;
            case < 9:
                Relabel();
                break;
            default:
                Remove();
                break;
        }

        Schedule.After(Schedule.Between(1, 25), Act);
    }

    private void Create(string name)
    {
        var (decision, _) = world.Deployments.Create(new Deployment
        {
            Metadata = new() { Name = name, Namespace = "default" },
            Spec = new() { TargetSelector = Selector(), Score = Score() },
        });
        world.Trace.Say($"create {name}: {decision.GetType().Name}");
    }

    private void Change(Func<DeploymentSpec, DeploymentSpec> change)
    {
        if (world.Deployments.Items.GetValueOrDefault(Schedule.Pick(Names)) is { } present)
        {
            var changed = present with { Spec = change(present.Spec) };
            world.Trace.Say($"change {present.Metadata.Name}: {string.Join(' ', changed.Spec.TargetSelector!.MatchExpressions!.Value.Select(term => $"{term!.Key}={string.Join(',', term.Values!.Value)}"))} {changed.Spec.Score.PodmanV0!.Containers[0].Image}");
            world.Deployments.Update(changed);
        }
    }

    private void Delete(string name)
    {
        if (world.Deployments.Items.GetValueOrDefault(name) is { } present)
        {
            world.Trace.Say($"delete {name}");
            world.Deployments.Delete(present);
        }
    }

    private void Relabel()
    {
        if (world.Devices.Items.GetValueOrDefault(Schedule.Pick(world.Agents).Id.Value) is { } present)
        {
            var group = Schedule.Pick(Groups);
            world.Trace.Say($"label {present.Metadata.Name} group={group}");
            world.Devices.Update(present with { Spec = present.Spec with { Labels = present.Spec.Labels.SetItem("group", group) } });
        }
    }

    private void Remove()
    {
        var agent = Schedule.Pick(world.Agents);
        if (!world.Devices.Items.TryGetValue(agent.Id.Value, out var device) || Schedule.Chance(0.5))
        {
            return;
        }

        world.Trace.Say($"delete device {agent.Id}");
        world.Devices.Delete(device);
        if (Schedule.Chance(0.5))
        {
            agent.Retire();
            var (by, connects) = (world.Operator, world.Operator.Link.Connects);
            Schedule.After(GoneSeconds, () =>
            {
                if (by.IsAlive && !by.IsPaused && by.Link.Connects == connects && by.Link.IsUp && by.HasCaughtUp && by.WasSet < agent.Retired && world.Faults.Rewound < agent.Retired)
                {
                    world.Invariants.Gone(agent);
                }
            });
        }
        else
        {
            // It comes back by itself when it connects again.
            Schedule.After(Schedule.Between(1, 60), () => agent.Link.Turn(isUp: false));
            Schedule.After(Schedule.Between(61, 90), () => agent.Link.Turn(world.Bus.IsUp && agent.IsRunning));
        }
    }

    private Harmony.Fleet.Contracts.Scores.ReconcileScore Score() => new() { PodmanV0 = new() { Containers = [new() { Name = "app", Image = $"localhost/app:{++images}" }] } };

    private LabelSelector Selector()
    {
        var groups = Schedule.Chance(0.5) ? Groups : [.. Groups.Where(_ => Schedule.Chance(0.5))];
        ImmutableArray<LabelSelectorRequirement> terms = Schedule.Chance(0.3) || groups.Length == 0
            ? [new() { Key = "site", Operator = "In", Values = [$"s{Schedule.Random.Next(2)}"] }]
            : [new() { Key = "group", Operator = "In", Values = [.. groups] }];
        return new() { MatchExpressions = terms };
    }
}
