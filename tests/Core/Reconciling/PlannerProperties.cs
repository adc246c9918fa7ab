using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Tests.Harness.Containers;

namespace Harmony.Fleet.Tests.Core.Reconciling;

/// <summary>What holds of every plan, whatever stands and whatever should.</summary>
public sealed class PlannerProperties
{
    [Fact]
    public void Plan_CarriedOut_LeavesNothingToDo() => Check(world =>
    {
        var runtime = world.Build();
        Converge(runtime, world.After);
        return Plan(runtime, world.After).IsEmpty;
    });

    [Fact]
    public void Plan_InterruptedAnywhere_StillLeadsToTheSameEnd() => Check(world =>
    {
        var whole = world.Build();
        Converge(whole, world.After);
        var effects = Plan(world.Build(), world.After).Effects.Count();
        return Enumerable.Range(0, effects + 1).All(cut =>
        {
            var runtime = world.Build();
            Execute(runtime, Plan(runtime, world.After).Effects.Take(cut));
            Converge(runtime, world.After);
            return Shape(runtime) == Shape(whole) && Plan(runtime, world.After).IsEmpty;
        });
    });

    [Fact]
    public void Plan_NeverTouchesForeignContainers() => Check(world =>
    {
        var runtime = world.Build();
        var before = Foreign(runtime);
        Converge(runtime, world.After);
        return Foreign(runtime).SequenceEqual(before);
    });

    [Fact]
    public void Plan_HasEveryImageBeforeAnythingStops() => Check(world =>
    {
        var plan = Plan(world.Build(), world.After);
        return plan.Deployments.All(deployment =>
            deployment.Effects.SkipWhile(effect => effect is Effect.EnsureImage).All(effect => effect is not Effect.EnsureImage));
    });

    [Fact]
    public void Plan_WhatIsAsItShouldBe_IsLeftRunning() => Check(world =>
    {
        var runtime = world.Build();
        Converge(runtime, world.Before);
        var kept = world.Before.Where(before => world.After.Any(after => Same(before, after))).Select(deployment => deployment.Key).ToHashSet();
        return Plan(runtime, world.After).Effects.All(effect => !kept.Contains(effect.Deployment));
    });

    private static void Check(Func<World, bool> property) =>
        Prop.ForAll(World.Any.ToArbitrary(), property).Check(Runs.Of(300));

    private static bool Same(DesiredDeployment before, DesiredDeployment after) => before.Key == after.Key && before.Uid == after.Uid
        && string.Join('\n', before.Containers!.Value.Select(Text)) == string.Join('\n', after.Containers!.Value.Select(Text));

    private static string Text(ContainerSpec spec) => $"{spec.Name} {spec.Image} {string.Join(',', spec.Ports)} {string.Join(',', spec.Env)}";

    private static Plan Plan(FakeContainerRuntime runtime, ImmutableArray<DesiredDeployment> desired) => Planner.Make(Some.Device, desired, runtime.Containers, Some.Now);

    /// <summary>Plans and executes until nothing is left; a port that is still taken is free at a later round.</summary>
    private static void Converge(FakeContainerRuntime runtime, ImmutableArray<DesiredDeployment> desired)
    {
        for (var round = 0; round < 6 && !Plan(runtime, desired).IsEmpty; round++)
        {
            Execute(runtime, Plan(runtime, desired).Effects);
        }
    }

    private static void Execute(FakeContainerRuntime runtime, IEnumerable<Effect> effects)
    {
        var failed = new HashSet<Contracts.Names.DeploymentKey>();
        foreach (var effect in effects.Where(effect => !failed.Contains(effect.Deployment)))
        {
            if (!Execute(runtime, effect))
            {
                failed.Add(effect.Deployment);
            }
        }
    }

    private static bool Execute(FakeContainerRuntime runtime, Effect effect) => effect switch
    {
        Effect.EnsureImage it => runtime.EnsureImageAsync(it.Reference, default).Result.IsOk,
        Effect.Stop it => runtime.StopAsync(it.Id, TimeSpan.FromSeconds(it.GraceSeconds), default).Result.IsOk,
        Effect.Remove it => runtime.RemoveAsync(it.Id, default).Result.IsOk,
        Effect.Create it => runtime.CreateAsync(WithImageId(runtime, it.Spec), default).Result.IsOk,
        Effect.Start it => runtime.StartAsync(it.Name, default).Result.IsOk,
        _ => throw new InvalidOperationException(effect.ToString()),
    };

    private static ContainerSpec WithImageId(FakeContainerRuntime runtime, ContainerSpec spec) =>
        spec with { Labels = spec.Labels.SetItem(ContainerLabels.ImageId, runtime.EnsureImageAsync(spec.Image, default).Result.Value!) };

    private static string Shape(FakeContainerRuntime runtime) =>
        string.Join('\n', runtime.Containers.Select(container => $"{container.Name} {container.State} {container.ImageId} {string.Join(',', container.Ports)}"));

    private static ImmutableArray<ObservedContainer> Foreign(FakeContainerRuntime runtime) =>
        [.. runtime.Containers.Where(container => Ownership.DeploymentOf(container, Some.Device) is null)];
}
