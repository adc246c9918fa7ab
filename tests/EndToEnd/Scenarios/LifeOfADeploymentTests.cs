using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Deploy.Images;
using Harmony.Fleet.Tests.EndToEnd.Fleet;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.EndToEnd.Scenarios;

[Trait("Category", "Integration")]
public sealed class LifeOfADeploymentTests(FleetFixture fixture) : IClassFixture<FleetFixture>
{
    private RunningFleet Fleet => fixture.Fleet;

    [Fact]
    public async Task Deployment_AppliedUpgradedAppliedAgainDeleted_IsWhatRuns()
    {
        var port = FreePort.Next();
        await Fleet.Api.ApplyAsync(Web.Deployment("life", 1, port));
        await Fleet.Api.UntilConvergedAsync("life");
        await Web.ShowsAsync(port, HelloWebImage.Greeting(1));
        var first = await Fleet.ContainerAsync("life");

        await Fleet.Api.ApplyAsync(Web.Deployment("life", 2, port));
        await Fleet.Api.UntilConvergedAsync("life");
        await Web.ShowsAsync(port, HelloWebImage.Greeting(2));
        var second = await Fleet.ContainerAsync("life");
        second.Id.ShouldNotBe(first.Id);

        var again = await Fleet.Api.ApplyAsync(Web.Deployment("life", 2, port));
        again.Metadata.Generation.ShouldBe(2);
        await Fleet.Api.UntilConvergedAsync("life");
        (await Fleet.ContainerAsync("life")).Id.ShouldBe(second.Id);

        await Fleet.Api.DeleteAsync("life");
        await Fleet.Api.UntilDeletedAsync("life");
        await Eventually.HoldsAsync(async () => (await Fleet.ContainersAsync("life")).IsEmpty, "its container is removed");
        (await Web.IsGoneAsync(port)).ShouldBeTrue();
    }

    /// <summary>The bug of the original: whatever had environment or volumes was torn down and made again at each look.</summary>
    [Fact]
    public async Task Container_WithEnvVolumesAndPorts_KeepsItsIdOverTenReconciles()
    {
        using var data = new TempFolder();
        await File.WriteAllTextAsync(data.File("note"), "from the device", TestContext.Current.CancellationToken);
        var (port, otherPort) = (FreePort.Next(), FreePort.Next());
        await Fleet.Api.ApplyAsync(Web.Deployment("steady", 1, port).With(container => container with
        {
            Env = [new() { Name = "HELLO", Value = "a=b & \"c\"" }, new() { Name = "EMPTY", Value = "" }],
            VolumeMounts = [new() { HostPath = data.Path, MountPath = "/data", ReadOnly = true }, new() { Volume = "steady-cache", MountPath = "/cache" }],
            Limits = new() { MemoryBytes = 64 << 20, CpuMillicores = 500 },
        }));
        await Fleet.Api.ApplyAsync(Web.Deployment("nudged", 1, otherPort));
        await Fleet.Api.UntilConvergedAsync("steady");
        await Fleet.Api.UntilConvergedAsync("nudged");
        await Web.ShowsAsync(port, "a=b");
        var steady = await Fleet.ContainerAsync("steady");

        for (var reconcile = 0; reconcile < 10; reconcile++)
        {
            // That the other one is put right shows that the agent looked at all of them and acted.
            var nudged = await Fleet.ContainerAsync("nudged");
            using (var podman = Fleet.Podman())
            {
                (await podman.RemoveAsync(nudged.Id, TestContext.Current.CancellationToken)).Fault.ShouldBeNull();
            }

            await Eventually.HoldsAsync(
                async () => (await Fleet.ContainersAsync("nudged")).Any(container => container.Id != nudged.Id && container.State == ContainerState.Running),
                "a removed container is made again");
            var now = await Fleet.ContainerAsync("steady");
            now.Id.ShouldBe(steady.Id);
            now.StartedAt.ShouldBe(steady.StartedAt);
        }
    }

    [Fact]
    public async Task Container_StoppedByHand_IsStartedAgain()
    {
        var port = FreePort.Next();
        await Fleet.Api.ApplyAsync(Web.Deployment("stopped", 1, port));
        await Fleet.Api.UntilConvergedAsync("stopped");
        var container = await Fleet.ContainerAsync("stopped");
        using var podman = Fleet.Podman();
        (await podman.StopAsync(container.Id, TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken)).Fault.ShouldBeNull();

        await Eventually.HoldsAsync(async () => (await Fleet.ContainerAsync("stopped")).State == ContainerState.Running, "it runs again");
        (await Fleet.ContainerAsync("stopped")).Id.ShouldBe(container.Id);
    }

    [Fact]
    public async Task Container_RemadeByHandWithOtherEnv_IsPutRight()
    {
        var port = FreePort.Next();
        await Fleet.Api.ApplyAsync(Web.Deployment("tampered", 1, port).With(web => web with { Env = [new() { Name = "HELLO", Value = "as-desired" }] }));
        await Fleet.Api.UntilConvergedAsync("tampered");
        await Web.ShowsAsync(port, "as-desired");
        var container = await Fleet.ContainerAsync("tampered");
        using var podman = Fleet.Podman();
        (await podman.RemoveAsync(container.Id, TestContext.Current.CancellationToken)).Fault.ShouldBeNull();
        await podman.CreateAsync(
            new ContainerSpec
            {
                Name = container.Name,
                Image = container.Image,
                Env = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("HELLO", "by-hand"),
                Labels = container.Labels,
                Ports = container.Ports,
                StopTimeoutSeconds = 2,
            },
            TestContext.Current.CancellationToken);

        await Web.ShowsAsync(port, "as-desired");
        (await Fleet.ContainerAsync("tampered")).Env["HELLO"].ShouldBe("as-desired");
    }
}
