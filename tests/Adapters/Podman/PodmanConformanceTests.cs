using Harmony.Fleet.Ports.Containers;
using Harmony.Fleet.Tests.Conformance;
using Harmony.Fleet.Tests.Conformance.Podman;

namespace Harmony.Fleet.Tests.Adapters.Podman;

/// <summary>Podman does what every container runtime must.</summary>
[Trait("Category", "Integration")]
public sealed class PodmanConformanceTests(PodmanFixture podman) : ContainerRuntimeConformance, IClassFixture<PodmanFixture>
{
    protected override IContainerRuntime Runtime => podman.Runtime;

    protected override string Image => PodmanFixture.Image;

    protected override int FreePort { get; } = Harness.FreePort.Next();
}
