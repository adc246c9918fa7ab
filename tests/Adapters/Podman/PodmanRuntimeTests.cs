using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Tests.Conformance.Podman;
using Harmony.Fleet.Tests.Harness;
using static Harmony.Fleet.Tests.Conformance.Podman.PodmanFixture;

namespace Harmony.Fleet.Tests.Adapters.Podman;

[Trait("Category", "Integration")]
public sealed class PodmanRuntimeTests(PodmanFixture podman) : IClassFixture<PodmanFixture>
{
    [Fact]
    public async Task Info_OfARunningService_NamesVersionAndStorage()
    {
        var info = Must(await podman.Runtime.InfoAsync(Cancel));

        info.Version.ShouldMatch(@"^\d+\.\d+\.\d+");
        info.StorageRoot.ShouldStartWith(podman.Folder.Path);
    }

    [Fact]
    public async Task Lifecycle_CreateStartStopRemove_IsSeenAtEachStep()
    {
        var spec = podman.Spec() with { Command = ["/bin/sh", "-c", "trap 'exit 0' TERM; echo ready; while :; do sleep 0.1; done"] };
        var id = Must(await podman.Runtime.CreateAsync(spec, Cancel));
        var created = await podman.ObserveAsync(spec);
        created.Id.ShouldBe(id);
        created.State.ShouldBe(ContainerState.Created);
        created.StartedAt.ShouldBeNull();
        created.ExitCode.ShouldBeNull();

        Must(await podman.Runtime.StartAsync(spec.Name, Cancel));
        var running = await podman.ObserveAsync(spec);
        running.State.ShouldBe(ContainerState.Running);
        running.StartedAt.ShouldNotBeNull();
        await Eventually.HoldsAsync(async () => await podman.Runtime.LogsAsync(id, 1, follow: false, Cancel).AnyAsync(Cancel), "it listens to signals");

        Must(await podman.Runtime.StopAsync(id, TimeSpan.FromSeconds(5), Cancel));
        var stopped = await podman.ObserveAsync(spec);
        stopped.State.ShouldBe(ContainerState.Exited);
        stopped.ExitCode.ShouldBe(0);

        Must(await podman.Runtime.RemoveAsync(id, Cancel));
        Must(await podman.Runtime.ObserveAsync(Label, spec.Name, Cancel)).ShouldBeEmpty();
    }

    /// <summary>Of such containers most have an end that podman noted before their beginning.</summary>
    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 3", 3)]
    public async Task ExitCode_OfContainersThatEndAtOnce_IsTheirOwn(string script, int code)
    {
        ContainerSpec[] jobs = [.. Enumerable.Range(0, 8).Select(_ => podman.Spec() with { Command = ["/bin/sh", "-c", script], RestartPolicy = RestartPolicy.Never })];
        foreach (var job in jobs)
        {
            await podman.RunAsync(job);
        }

        foreach (var job in jobs)
        {
            await Eventually.HoldsAsync(async () => (await podman.ObserveAsync(job)).State == ContainerState.Exited, "it ended");
            (await podman.ObserveAsync(job)).ExitCode.ShouldBe(code);
        }
    }

    [Fact]
    public async Task EveryWrite_Repeated_IsSuccess()
    {
        var spec = podman.Spec();
        var id = await podman.RunAsync(spec);
        Must(await podman.Runtime.StartAsync(id, Cancel));
        Must(await podman.Runtime.StopAsync(id, TimeSpan.FromSeconds(5), Cancel));
        Must(await podman.Runtime.StopAsync(id, TimeSpan.FromSeconds(5), Cancel));
        Must(await podman.Runtime.RemoveAsync(id, Cancel));
        Must(await podman.Runtime.RemoveAsync(id, Cancel));
        Must(await podman.Runtime.StopAsync(id, TimeSpan.FromSeconds(5), Cancel));
    }

    [Fact]
    public async Task Stop_OfAContainerThatIgnoresTerm_KillsItAfterTheGrace()
    {
        var spec = podman.Spec() with { Command = ["/bin/sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"], RestartPolicy = RestartPolicy.Never };
        var id = await podman.RunAsync(spec);

        Must(await podman.Runtime.StopAsync(id, TimeSpan.FromSeconds(1), Cancel));

        (await podman.ObserveAsync(spec)).ExitCode.ShouldBe(137);
    }

    [Fact]
    public async Task Remove_OfARunningContainer_RemovesItsAnonymousVolumesAndKeepsNamedOnes()
    {
        var before = Volumes();
        var spec = podman.Spec() with { Mounts = [new(MountKind.Volume, "kept", "/kept", ReadOnly: false)] };
        var id = await podman.RunAsync(spec);
        Volumes().Length.ShouldBe(before.Length + 2);

        Must(await podman.Runtime.RemoveAsync(id, Cancel));

        Volumes().Except(before).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task Restarts_OfACrashingContainer_AreCounted()
    {
        var spec = podman.Spec() with { Command = ["/bin/sh", "-c", "sleep 0.1; exit 3"], RestartPolicy = RestartPolicy.OnFailure };
        var id = await podman.RunAsync(spec);

        await Eventually.HoldsAsync(async () => (await podman.ObserveAsync(spec)).Restarts > 1, "it was restarted twice");

        Must(await podman.Runtime.RemoveAsync(id, Cancel));
    }

    [Fact]
    public async Task Observe_OfTwoOwners_ShowsOnlyTheOneAskedFor()
    {
        var (mine, other) = (podman.Spec("mine"), podman.Spec("other"));
        Must(await podman.Runtime.CreateAsync(mine, Cancel));
        Must(await podman.Runtime.CreateAsync(other, Cancel));

        Must(await podman.Runtime.ObserveAsync(Label, "mine", Cancel)).ShouldHaveSingleItem().Name.ShouldBe(mine.Name);
        Must(await podman.Runtime.ObserveAsync(Label, "nobody", Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Create_OfANameThatIsTaken_IsAConflict()
    {
        var spec = podman.Spec();
        Must(await podman.Runtime.CreateAsync(spec, Cancel));

        (await podman.Runtime.CreateAsync(spec, Cancel)).Fault!.Kind.ShouldBe(FaultKind.Conflict);
    }

    [Fact]
    public async Task Create_OfAnUnknownImage_IsPermanent()
    {
        var failure = (await podman.Runtime.CreateAsync(podman.Spec() with { Image = "localhost/nope:1" }, Cancel)).Fault!;

        failure.Kind.ShouldBe(FaultKind.Permanent);
        failure.What.ShouldContain("localhost/nope:1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("registry.example/UPPER")]
    [InlineData("a b")]
    public async Task Create_OfABadReference_IsPermanentAndSaysHowToWriteIt(string image)
    {
        var failure = (await podman.Runtime.CreateAsync(podman.Spec() with { Image = image }, Cancel)).Fault!;

        failure.Kind.ShouldBe(FaultKind.Permanent);
        failure.What.ShouldContain("registry.example/app:1.2");
    }

    [Fact]
    public async Task Create_WithABindSourceThatIsMissing_IsPermanentAndNamesIt()
    {
        var spec = podman.Spec() with { Mounts = [new(MountKind.Bind, "/no/such folder", "/data", ReadOnly: false)] };

        var failure = (await podman.Runtime.CreateAsync(spec, Cancel)).Fault!;

        failure.Kind.ShouldBe(FaultKind.Permanent);
        failure.What.ShouldStartWith("/no/such folder does not exist on the device");
    }

    [Fact]
    public async Task Create_WithABadVolumeName_IsPermanent()
    {
        var spec = podman.Spec() with { Mounts = [new(MountKind.Volume, "a b", "/data", ReadOnly: false)] };

        (await podman.Runtime.CreateAsync(spec, Cancel)).Fault!.Kind.ShouldBe(FaultKind.Permanent);
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("udp")]
    public async Task Start_OnAPortInUse_IsTransientAndNamesThePort(string protocol)
    {
        var port = FreePort.Next();
        var holder = podman.Spec() with { Ports = [new(8080, port, string.Empty, protocol)] };
        await podman.RunAsync(holder);
        var late = podman.Spec() with { Ports = [new(8080, port, string.Empty, protocol)] };
        Must(await podman.Runtime.CreateAsync(late, Cancel));

        var failure = (await podman.Runtime.StartAsync(late.Name, Cancel)).Fault!;

        failure.Kind.ShouldBe(FaultKind.Transient);
        failure.What.ShouldBe($"port {port}/{protocol} of the device is in use by container {holder.Name}: choose another host port");
    }

    [Fact]
    public async Task Start_OnAPortOfADeployment_NamesIt()
    {
        var port = FreePort.Next();
        var (first, second) = (podman.Spec(), podman.Spec());
        await podman.RunAsync(first with
        {
            Ports = [new(8080, port, string.Empty, "tcp"), new(8081, port + 1, string.Empty, "tcp")],
            Labels = first.Labels.SetItem(ContainerLabels.Namespace, "acme").SetItem(ContainerLabels.Deployment, "web"),
        });
        Must(await podman.Runtime.CreateAsync(second with { Ports = [new(8080, port + 1, string.Empty, "tcp")] }, Cancel));

        (await podman.Runtime.StartAsync(second.Name, Cancel)).Fault!.What
            .ShouldBe($"port {port + 1}/tcp of the device is in use by deployment acme/web: choose another host port");
    }

    [Fact]
    public async Task Start_OnAPortOfAnotherProgram_SaysWhatElseMayHaveIt()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Any, 0);
        other.Start();
        var port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        var late = podman.Spec() with { Ports = [new(8080, port, string.Empty, "tcp")] };
        Must(await podman.Runtime.CreateAsync(late, Cancel));

        (await podman.Runtime.StartAsync(late.Name, Cancel)).Fault!.What
            .ShouldBe($"port {port}/tcp of the device is in use by another program: free it, or choose another host port (the devices of a fleet up share the ports of their machine)");
    }

    [Fact]
    public async Task Start_OnAnAddressThatTheDeviceHasNot_IsTransientAndNamesIt()
    {
        var port = FreePort.Next();
        var spec = podman.Spec() with { Ports = [new(8080, port, "203.0.113.7", "tcp")] };
        Must(await podman.Runtime.CreateAsync(spec, Cancel));

        var failure = (await podman.Runtime.StartAsync(spec.Name, Cancel)).Fault!;

        failure.Kind.ShouldBe(FaultKind.Transient);
        failure.What.ShouldContain("no address 203.0.113.7");
    }

    [Fact]
    public async Task Start_OfAProgramThatIsMissing_IsPermanent()
    {
        var spec = podman.Spec() with { Command = ["/no/such/program"] };
        Must(await podman.Runtime.CreateAsync(spec, Cancel));

        (await podman.Runtime.StartAsync(spec.Name, Cancel)).Fault!.Kind.ShouldBe(FaultKind.Permanent);
    }

    [Fact]
    public async Task Start_OfAnUnknownContainer_IsNotFound() =>
        (await podman.Runtime.StartAsync("nobody", Cancel)).Fault!.Kind.ShouldBe(FaultKind.NotFound);

    [Theory]
    [InlineData("../../info")]
    [InlineData("a?b=c")]
    [InlineData("a/b")]
    public async Task Start_OfANameWithSignsOfAnAddress_ReachesNothingElse(string name) =>
        (await podman.Runtime.StartAsync(name, Cancel)).Fault!.Kind.ShouldBe(FaultKind.NotFound);

    private string[] Volumes()
    {
        var folder = Path.Combine(podman.Service.Layout.Folder, "storage", "volumes");
        return Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)!)] : [];
    }
}
