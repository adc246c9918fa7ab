using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Tests.Agent.Rigs;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Agent.Reconciling;

/// <summary>The agent is killed after each write that an upgrade makes, and started again: it ends where it would have ended.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task Killed_AfterAnyWrite_Converges()
    {
        var before = ControlPlane.Score(ControlPlane.Container("one", port: 80), ControlPlane.Container("two", port: 81));
        var after = ControlPlane.Score(ControlPlane.Container("one", "app:2", port: 81), ControlPlane.Container("two", "app:2", port: 80));
        var cut = 0;
        for (var isOver = false; !isOver; cut++)
        {
            await using var rig = new AgentRig();
            await rig.StartAsync();
            await rig.RunsAsync(await rig.Operator.WantAsync(("pair", before), ("gone", ControlPlane.Score(ControlPlane.Container("app", "other:1")))));
            var writes = 0;
            var dying = new TaskCompletionSource();
            rig.Runtime.AfterWrite = _ => Interlocked.Increment(ref writes) == cut + 1 ? DieAsync(rig, dying) : Task.CompletedTask;
            var generation = await rig.Operator.WantAsync(("pair", after));
            isOver = await Task.WhenAny(dying.Task, rig.RunsAsync(generation)) != dying.Task;
            rig.Runtime.AfterWrite = null;
            await rig.RestartAsync();
            await Eventually.HoldsAsync(() => rig.Runtime.Containers.Length == 2, $"after cut {cut}: what is gone is gone");
            await rig.RunsAsync(generation);
            rig.Runtime.Containers.ShouldAllBe(container => container.State == ContainerState.Running && container.Labels[ContainerLabels.Image] == "app:2");
        }

        cut.ShouldBeGreaterThan(8, "pull, two stops, two removes, two creates, two starts, and the removal of the other");
    }

    [Fact]
    public async Task Restarted_WithNothingToDo_KeepsTheContainers()
    {
        await using var rig = new AgentRig();
        await rig.StartAsync();
        var generation = await rig.Operator.WantAsync(("web", ControlPlane.Score(ControlPlane.Container())));
        var first = await rig.RunsAsync(generation);
        var writes = rig.Runtime.Writes;
        await rig.RestartAsync();
        await rig.ReportsAsync(report => report.Instance != first.Instance && report.Deployments.Length == 1, "the new run reports");
        rig.Runtime.Writes.ShouldBe(writes);
    }

    [Fact]
    public async Task Restarted_BeforeItLooked_ReportsNothing()
    {
        await using var rig = new AgentRig();
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", ControlPlane.Score(ControlPlane.Container()))));
        await rig.StopAsync();
        var looked = new TaskCompletionSource();
        rig.Runtime.BeforeObserve = token => looked.Task.WaitAsync(token);
        await rig.StartAsync();
        await rig.InfoAsync(info => info.Instance == "run-2", "the new run says who it is");
        rig.Bus.GoDown();
        rig.Bus.GoUp();
        (await rig.Operator.ReportAsync())!.Instance.ShouldBe("run-1");
        looked.SetResult();
        await rig.ReportsAsync(report => report.Instance == "run-2" && report.Deployments.Length == 1, "then it reports all of it");
    }

    [Fact]
    public async Task Stopped_LeavesTheContainersRunning()
    {
        await using var rig = new AgentRig();
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", ControlPlane.Score(ControlPlane.Container()))));
        await rig.StopAsync();
        rig.Runtime.Containers.Single().State.ShouldBe(ContainerState.Running);
    }

    private static async Task DieAsync(AgentRig rig, TaskCompletionSource dying)
    {
        var alive = rig.Alive;
        dying.TrySetResult();
        await Task.Delay(Timeout.Infinite, alive);
    }
}
