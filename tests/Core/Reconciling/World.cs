using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Tests.Harness.Containers;

namespace Harmony.Fleet.Tests.Core.Reconciling;

/// <summary>A device on which something stood, was tampered with, and something else should stand.</summary>
internal sealed record World(ImmutableArray<DesiredDeployment> Before, ImmutableArray<DesiredDeployment> After, ImmutableArray<int> Tampering)
{
    private static readonly string[] Names = ["api", "db", "web"];

    private static readonly Gen<Container> AnyContainer =
        from name in Gen.Elements("one", "two")
        from image in Gen.Elements("app:1", "app:2", "tool:1")
        from port in Gen.Frequency((2, Gen.Constant((int?)null)), (1, Gen.Elements<int?>(80, 81, 82)))
        from env in Gen.Elements(string.Empty, "a", "b")
        select Some.Container(name, image, port) with { Env = env.Length == 0 ? [] : [new EnvVar { Name = "MODE", Value = env }] };

    private static readonly Gen<ImmutableArray<DesiredDeployment>> AnyDesired =
        from names in Gen.SubListOf(Names)
        from drafts in Gen.CollectToSequence(names, AnyDeployment)
        select WithoutPortsTwice(drafts);

    public static Gen<World> Any { get; } =
        from before in AnyDesired
        from after in AnyDesired
        from tampering in Gen.Choose(0, 5).ListOf(3)
        select new World(before, after, [.. tampering]);

    /// <summary>A runtime in which all of <see cref="Before"/> stands, as far as nobody tampered with it, beside containers of others.</summary>
    public FakeContainerRuntime Build()
    {
        var runtime = new FakeContainerRuntime();
        foreach (var reference in new[] { "app:1", "app:2", "tool:1" })
        {
            runtime.Publish(reference, Some.Image.Defaults);
        }

        var specs = Before.SelectMany(deployment => deployment.Containers!.Value).ToArray();
        foreach (var (spec, index) in specs.Select((spec, index) => (spec, index)))
        {
            var image = FakeImage.Of(spec.Image, Some.Image.Defaults);
            var container = Tamper(Some.Running(spec, image), Tampering[index % Tampering.Length]);
            if (container is not null)
            {
                runtime.Add(container);
            }
        }

        runtime.Add(Some.Running(Some.Spec(spec => spec with { Name = "somebody.elses", Labels = Some.Map(("x", "y")) })));
        runtime.Add(Some.Running(Some.Spec(spec => spec with { Name = "other.device", Labels = spec.Labels.SetItem(ContainerLabels.Device, "pi-2") })));
        return runtime;
    }

    public override string ToString() => $"before:\n{Planner.Make(Some.Device, Before, [], Some.Now)}after:\n{Planner.Make(Some.Device, After, Build().Containers, Some.Now)}";

    private static Gen<DesiredDeployment> AnyDeployment(string name) =>
        from uid in Gen.Elements("uid-1", "uid-1", "uid-2")
        from containers in AnyContainer.NonEmptyListOf()
        select Some.Deployment(Some.Entry(name, uid), [.. containers.DistinctBy(container => container.Name, StringComparer.Ordinal)]);

    /// <summary>No two containers of one wish share a port: such a wish cannot be fulfilled.</summary>
    private static ImmutableArray<DesiredDeployment> WithoutPortsTwice(IEnumerable<DesiredDeployment> drafts)
    {
        var taken = new HashSet<int>();
        return [.. drafts.Select(draft => draft with { Containers = [.. draft.Containers!.Value.Select(spec => spec with { Ports = [.. spec.Ports.Where(port => taken.Add(port.HostPort))] })] })];
    }

    private static ObservedContainer? Tamper(ObservedContainer container, int how) => how switch
    {
        0 => null,
        1 => container with { State = ContainerState.Exited, ExitCode = 137 },
        2 => container with { Env = container.Env.SetItem("HAND", "made") },
        3 => container with { State = ContainerState.Created },
        4 => container with { State = ContainerState.Paused },
        _ => container,
    };
}
