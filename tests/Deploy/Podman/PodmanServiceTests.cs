using System.Diagnostics;
using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Images;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Tests.Conformance.Podman;
using Harmony.Fleet.Tests.Harness;
using static Harmony.Fleet.Tests.Conformance.Podman.PodmanFixture;

namespace Harmony.Fleet.Tests.Deploy.Podman;

[Trait("Category", "Integration")]
public sealed class PodmanServiceTests(PodmanFixture podman) : IClassFixture<PodmanFixture>
{
    [Fact]
    public async Task Start_OfAFolderThatIsServed_IsAConflict()
    {
        var second = await PodmanService.StartAsync(new() { Folder = podman.Service.Layout.Folder }, TimeProvider.System, Cancel);

        second.Fault!.Kind.ShouldBe(FaultKind.Conflict);
    }

    [Fact]
    public async Task Stop_LeavesContainersRunning_AndTheNextServiceSeesThem()
    {
        var spec = podman.Spec();
        var id = await podman.RunAsync(spec);

        await podman.Service.StopAsync();
        (await podman.Runtime.InfoAsync(Cancel)).Fault!.Kind.ShouldBe(FaultKind.Unreachable);
        await podman.StartServiceAsync();

        var observed = await podman.ObserveAsync(spec);
        observed.Id.ShouldBe(id);
        observed.State.ShouldBe(ContainerState.Running);
        Must(await podman.Runtime.StopAsync(id, TimeSpan.Zero, Cancel));
        Must(await podman.Runtime.RemoveAsync(id, Cancel));
    }

    /// <summary>As one that is told to end before it listens to signals does.</summary>
    [Fact]
    public async Task Stop_OfOneThatCouldNotClearUp_LeavesNoSocket()
    {
        using (var process = Process.GetProcessById(podman.Service.ProcessId))
        {
            process.Kill();
        }

        await podman.Service.Exited;
        File.Exists(podman.Service.SocketPath).ShouldBeTrue();
        await podman.Service.StopAsync();
        File.Exists(podman.Service.SocketPath).ShouldBeFalse();
        await podman.StartServiceAsync();
    }

    [Fact]
    public async Task Kill_InMidCall_IsUnavailable_AndTheCallCanBeRepeated()
    {
        var spec = podman.Spec() with { Command = ["/bin/sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"] };
        var id = await podman.RunAsync(spec);
        var stopping = podman.Runtime.StopAsync(id, TimeSpan.FromSeconds(60), Cancel);
        await Eventually.HoldsAsync(async () => (await podman.ObserveAsync(spec)).State == ContainerState.Stopping, "podman waits for its end");

        using (var process = Process.GetProcessById(podman.Service.ProcessId))
        {
            process.Kill();
        }

        (await stopping).Fault!.Kind.ShouldBe(FaultKind.Unreachable);
        await podman.StartServiceAsync();
        Must(await podman.Runtime.StopAsync(id, TimeSpan.FromSeconds(1), Cancel));
        Must(await podman.Runtime.RemoveAsync(id, Cancel));
    }

    [Fact]
    public async Task Events_WhenTheServiceIsKilled_End()
    {
        var spec = podman.Spec("killed");
        var heard = new TaskCompletionSource();
        var listening = Task.Run(
            async () =>
            {
                await foreach (var _ in podman.Runtime.EventsAsync(Label, "killed", Cancel))
                {
                    heard.TrySetResult();
                }
            },
            Cancel);
        await Eventually.HoldsAsync(
            async () =>
            {
                Must(await podman.Runtime.CreateAsync(spec, Cancel));
                Must(await podman.Runtime.RemoveAsync(spec.Name, Cancel));
                return heard.Task.IsCompleted;
            },
            "an event is heard");

        await podman.Service.StopAsync();

        await listening.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await podman.StartServiceAsync();
    }

    /// <summary>Also of those that podman lost track of, as when one is started in the middle of a removal by another.</summary>
    [Theory]
    [InlineData("plain", false)]
    [InlineData("plain", true)]
    [InlineData("a folder", false)]
    [InlineData("été/日本 🚢", false)]
    [InlineData("été/日本 🚢", true)]
    [InlineData("link/podman", false)]
    [InlineData("link/podman", true)]
    public async Task Purge_WithRunningContainers_LeavesNothing(string name, bool isLost)
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("disk"));
        Directory.CreateSymbolicLink(folder.File("link"), folder.File("disk"));
        var options = new PodmanServiceOptions { Folder = folder.File(name) };
        PodmanLayout layout;
        await using (var service = Must(await PodmanService.StartAsync(options, TimeProvider.System, Cancel)))
        {
            layout = service.Layout;
            using var runtime = new PodmanRuntime(new() { SocketPath = service.SocketPath }, TimeProvider.System);
            using var archive = ImageArchive.Write(PodmanFixture.IdleImage(Image));
            (await ImageLoad.LoadAsync(service.SocketPath, archive, Cancel)).ShouldBeNull();
            var spec = podman.Spec() with
            {
                Ports = [new(80, FreePort.Next(), string.Empty, "tcp")],
                Mounts = [new(MountKind.Volume, "gone", "/gone", ReadOnly: false)],
            };
            Must(await runtime.StartAsync(Must(await runtime.CreateAsync(spec, Cancel)), Cancel));
        }

        if (isLost)
        {
            string[] books = [Path.Combine(layout.StorageFolder, "libpod", "bolt_state.db"), Path.Combine(layout.StorageFolder, "db.sql")]; // Podman 4's, and 5's.
            books.Count(File.Exists).ShouldBe(1);
            Array.ForEach(books, File.Delete);
        }

        CommandLines().ShouldContain(line => line.Contains(layout.StorageFolder, StringComparison.Ordinal));
        Must(await PodmanPurge.PurgeAsync(options.Folder, Cancel));

        Directory.Exists(options.Folder).ShouldBeFalse();
        Directory.Exists(layout.RuntimeFolder).ShouldBeFalse();
        Directory.Exists(layout.RootFolder).ShouldBeFalse();
        PodmanMounts.In(await File.ReadAllTextAsync("/proc/self/mountinfo", Cancel), [folder.Path, layout.RootFolder, layout.RuntimeFolder]).ShouldBeEmpty();
        CommandLines().ShouldAllBe(line => !line.Contains(layout.RootFolder, StringComparison.Ordinal) && !line.Contains(layout.RuntimeFolder, StringComparison.Ordinal));
    }

    /// <summary>As podman leaves them that is ended while it looks at the file system. Without root nobody but podman mounts anything, in a namespace of its own.</summary>
    [Fact]
    public async Task Release_OfMountsThatPodmanLeft_WaitsUntilNoContainerRuns()
    {
        using var folder = new TempFolder();
        var options = new PodmanServiceOptions { Folder = folder.File("data") };
        await using var service = Must(await PodmanService.StartAsync(options, TimeProvider.System, Cancel));
        using var runtime = new PodmanRuntime(new() { SocketPath = service.SocketPath }, TimeProvider.System);
        using var archive = ImageArchive.Write(PodmanFixture.IdleImage(Image));
        (await ImageLoad.LoadAsync(service.SocketPath, archive, Cancel)).ShouldBeNull();
        var id = Must(await runtime.CreateAsync(podman.Spec() with { Image = Image }, Cancel));
        Must(await runtime.StartAsync(id, Cancel));
        var left = Directory.CreateDirectory(Path.Combine(service.Layout.StorageFolder, "overlay", "metacopy-check1", "merged")).FullName;
        if (Environment.IsPrivilegedProcess)
        {
            Must(await PodmanCommand.RunAsync(["mount", "-t", "tmpfs", "none", left], [], PodmanCommand.Timeout, Cancel));
            await PodmanStop.ReleaseAsync(options.Folder);
            PodmanMounts.Of(service.Layout).ShouldContain(left);
        }

        Must(await runtime.StopAsync(id, TimeSpan.Zero, Cancel));
        await service.StopAsync();
        await PodmanStop.ReleaseAsync(options.Folder);
        PodmanMounts.Of(service.Layout).ShouldBeEmpty();
        Must(await PodmanPurge.PurgeAsync(options.Folder, Cancel));
    }

    [Fact]
    public async Task StopContainers_WithoutAService_StopsThemAndKeepsThem()
    {
        var spec = podman.Spec();
        await podman.RunAsync(spec);
        await podman.Service.StopAsync();

        Must(await PodmanStop.StopAllAsync([podman.Service.Layout.Folder], _ => Task.CompletedTask, CancellationToken.None, Cancel));

        await podman.StartServiceAsync();
        (await podman.ObserveAsync(spec)).State.ShouldBe(ContainerState.Exited);
    }

    [Fact]
    public async Task StopContainers_WhereOnePodmanCannotTell_StopsThoseOfTheOthersAndSaysSo()
    {
        using var folder = new TempFolder();
        var broken = PodmanLayout.For(folder.File("broken"));
        Directory.CreateDirectory(Path.Combine(broken.StorageFolder, "libpod"));
        Directory.CreateDirectory(Path.GetDirectoryName(broken.ContainersConf)!);
        await File.WriteAllTextAsync(broken.ContainersConf, "no settings", Cancel);
        var spec = podman.Spec() with { StopTimeoutSeconds = 3 };
        await podman.RunAsync(spec);
        var told = new List<StopForecast>();

        var stopped = await PodmanStop.StopAllAsync(
            [broken.Folder, podman.Service.Layout.Folder],
            forecast =>
            {
                told.Add(forecast);
                return Task.CompletedTask;
            },
            CancellationToken.None,
            Cancel);

        stopped.Fault.ShouldNotBeNull().What.ShouldContain("podman failed");
        told[0].Containers.ShouldBe(1);
        told[0].Longest.ShouldBeInRange(TimeSpan.FromTicks(1), TimeSpan.FromSeconds(3));
        told[^1].Containers.ShouldBe(0);
        (await podman.ObserveAsync(spec)).State.ShouldBe(ContainerState.Exited);
    }

    [Fact]
    public async Task Purge_OfAFolderThatNeverWas_IsDone()
    {
        using var folder = new TempFolder();

        Must(await PodmanPurge.PurgeAsync(folder.File("never"), Cancel));
    }

    [Fact]
    public async Task Start_InAFolderThatCannotBeMade_SaysSo()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("file"), string.Empty, Cancel);

        var failure = (await PodmanService.StartAsync(new() { Folder = folder.File("file/below") }, TimeProvider.System, Cancel)).Fault!;

        failure.Kind.ShouldBe(FaultKind.Permanent);
        failure.What.ShouldContain("cannot be set up in");
    }

    private static IEnumerable<string> CommandLines()
    {
        foreach (var folder in Directory.GetDirectories("/proc").Where(path => Path.GetFileName(path).All(char.IsAsciiDigit)))
        {
            string line;
            try
            {
                line = File.ReadAllText(Path.Combine(folder, "cmdline"));
            }
            catch (IOException)
            {
                continue;
            }

            yield return line;
        }
    }
}
