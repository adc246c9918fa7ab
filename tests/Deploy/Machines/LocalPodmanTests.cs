using System.Collections.Concurrent;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Deploy.Machines;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Deploy.Machines;

/// <summary>A device's podman is kept running as every other part of a fleet is.</summary>
[Trait("Category", "Integration")]
public sealed class LocalPodmanTests
{
    private static readonly DeviceId Device = DeviceId.Parse("device-1");

    [Fact]
    public async Task Podman_ThatWritesMuchAndIsKilled_HasItsLogPutAside_AndIsStartedAgain()
    {
        await EngScript.RunAsync("eng/podman.sh", "--tests");
        using var folder = new TempFolder();
        var files = new LocalFiles(folder.Path);
        var time = new FakeTimeProvider();
        var said = new ConcurrentQueue<string>();
        var tick = TimeSpan.FromMilliseconds(20);
        using var ticking = new Timer(_ => time.Advance(tick), null, tick, tick);
        await using (var podman = new LocalPodman(files, new Random(7), time, said.Enqueue))
        {
            var socket = (await podman.PodmanAsync(Device, TestContext.Current.CancellationToken)).Value.ShouldNotBeNull();
            var first = podman.Parts().ShouldHaveSingleItem();
            first.Name.ShouldBe("device-1 podman");
            using (var log = new FileStream(first.LogFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                log.SetLength(LogFiles.MaxBytes + 1);
            }

            Signals.Send(first.Process.ShouldNotBeNull().Pid, Signal.Kill);
            await Eventually.HoldsAsync(() => podman.Parts().Single() is { IsUp: true, Restarts: 1 } next && next.Process != first.Process, "another one runs");
            new FileInfo(first.LogFile + ".1").Length.ShouldBe(LogFiles.MaxBytes + 1);
            new FileInfo(first.LogFile).Length.ShouldBeLessThan(LogFiles.MaxBytes);
            said.ShouldHaveSingleItem().ShouldMatch(@"^device-1 podman ended with signal 9; starting it again in \d\.\d s \(its log: .+/podman\.log\)$");
            (await podman.PodmanAsync(Device, TestContext.Current.CancellationToken)).Value.ShouldBe(socket);
        }

        (await PodmanPurge.PurgeAsync(files.PathOf(LocalPodman.FolderOf(Device)), CancellationToken.None)).Fault.ShouldBeNull();
    }
}
