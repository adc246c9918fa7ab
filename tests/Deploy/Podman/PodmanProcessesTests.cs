using System.Diagnostics;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Tests.Deploy.Podman;

[Trait("Category", "Integration")]
public sealed class PodmanProcessesTests
{
    [Fact]
    public async Task End_OfAProcessThatHasEndedMeanwhile_IsDone()
    {
        using var process = Process.Start("sleep", "1000");
        var identity = ProcessIdentity.Of(process.Id).ShouldNotBeNull();
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        PodmanProcesses.EndTree(identity);

        identity.IsAlive.ShouldBeFalse();
    }

    [Fact]
    public async Task End_OfAProcessWhoseNumberAnotherOneHasNow_LeavesThatAlone()
    {
        using var process = Process.Start("sleep", "1000");
        var identity = ProcessIdentity.Of(process.Id).ShouldNotBeNull();

        PodmanProcesses.EndTree(identity with { StartTicks = identity.StartTicks - 1 });
        process.HasExited.ShouldBeFalse();
        process.WaitForExit(200).ShouldBeFalse();

        PodmanProcesses.EndTree(identity);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
