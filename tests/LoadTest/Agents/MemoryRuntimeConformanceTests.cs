using Harmony.Fleet.LoadTest.Agents;
using Harmony.Fleet.Ports.Containers;
using Harmony.Fleet.Tests.Conformance;

namespace Harmony.Fleet.Tests.LoadTest.Agents;

/// <summary>The runtime under the real agents of a load test does what podman does.</summary>
public sealed class MemoryRuntimeConformanceTests : ContainerRuntimeConformance
{
    protected override IContainerRuntime Runtime { get; } = new MemoryRuntime(["localhost/idle:1"], TimeProvider.System);

    protected override string Image => "localhost/idle:1";

    protected override int FreePort => 20000;
}
