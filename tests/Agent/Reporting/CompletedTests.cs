using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Tests.Agent.Rigs;

namespace Harmony.Fleet.Tests.Agent.Reporting;

/// <summary>Only the agent knows whether what ended was to end: it says so, and nobody guesses it from states.</summary>
public sealed class CompletedTests : IAsyncDisposable
{
    private readonly AgentRig rig = new();

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Theory]
    [InlineData(RestartPolicy.OnFailure)]
    [InlineData(RestartPolicy.Never)]
    public async Task Job_IsReportedAsCompleted_OnceAllOfItEndedWell(RestartPolicy policy)
    {
        rig.Options = rig.Options with { ResyncInterval = TimeSpan.FromMilliseconds(20) };
        await rig.StartAsync();
        var generation = await rig.Operator.WantAsync(("job", Score(policy)));
        (await rig.RunsAsync(generation)).Deployments.ShouldHaveSingleItem().Completed.ShouldBeFalse();

        rig.Runtime.End("acme.job.one", 0);
        var half = await rig.ReportsAsync(report => Ended(report) == 1, "one of two ended");
        (half.Deployments[0].Phase, half.Deployments[0].Completed).ShouldBe((Phase.Running, false));

        rig.Runtime.End("acme.job.two", 0);
        var whole = await rig.ReportsAsync(report => Ended(report) == 2, "both ended");
        (whole.Deployments[0].Phase, whole.Deployments[0].Completed).ShouldBe((Phase.Running, true));
        whole.Deployments[0].Since.ShouldBeGreaterThan(half.Deployments[0].Since);
    }

    private static int Ended(DeviceReport report) => report.Deployments.Sum(item => item.Containers.Count(container => container.State == "exited"));

    private static byte[] Score(RestartPolicy policy) => CanonicalScore.ToBytes(new ReconcileScore
    {
        PodmanV0 = new PodmanV0Score { Containers = [ControlPlane.Container("one"), ControlPlane.Container("two")], RestartPolicy = policy },
    });
}
