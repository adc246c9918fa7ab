using Harmony.Fleet.Ports.Containers;
using Harmony.Fleet.Tests.Conformance;
using Harmony.Fleet.Tests.Harness.Containers;

namespace Harmony.Fleet.Tests.Agent.Containers;

/// <summary>The fake does what the real runtime does.</summary>
public sealed class FakeRuntimeConformanceTests : ContainerRuntimeConformance
{
    private readonly FakeContainerRuntime runtime = new();

    public FakeRuntimeConformanceTests()
    {
        runtime.Publish("localhost/idle:1", new() { Entrypoint = ["/bin/idle"], Volumes = ["/scratch"] });
        runtime.MissingPaths.Add("/no/such/folder");
    }

    protected override IContainerRuntime Runtime => runtime;

    protected override string Image => "localhost/idle:1";

    protected override int FreePort => 20000;
}
