using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Tests.Agent.Rigs;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Agent.Reconciling;

public sealed class ConvergenceTests : IAsyncDisposable
{
    private static readonly byte[] V1 = ControlPlane.Score(ControlPlane.Container(port: 80));
    private static readonly byte[] V2 = ControlPlane.Score(ControlPlane.Container(image: "app:2", port: 80));

    private readonly AgentRig rig = new();

    [Fact]
    public async Task NewManifest_RunsAndIsReported()
    {
        await rig.StartAsync();
        var generation = await rig.Operator.WantAsync(("web", V1));
        var report = await rig.RunsAsync(generation);
        var (entry, _) = ControlPlane.Entry("web", V1);
        var web = report.Deployments.ShouldHaveSingleItem();
        (web.Uid, web.ScoreDigest).ShouldBe((entry.Uid, entry.ScoreDigest));
        web.Containers.ShouldHaveSingleItem().Id.ShouldBe(rig.Runtime.Containers.Single().Id);
        rig.Runtime.Writes.ShouldBe(["pull app:1", "create acme.web.app", "start acme.web.app"]);
    }

    [Fact]
    public async Task NewScore_ReplacesTheContainer_AndDeletionRemovesIt()
    {
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        var before = rig.Runtime.Containers.Single().Id;
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V2)));
        rig.Runtime.Containers.Single().Id.ShouldNotBe(before);
        rig.Runtime.Containers.Single().Labels[ContainerLabels.Image].ShouldBe("app:2");
        await rig.RunsAsync(await rig.Operator.WantAsync());
        rig.Runtime.Containers.ShouldBeEmpty();
    }

    [Fact]
    public async Task SameScoreAgain_KeepsTheContainer()
    {
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        var writes = rig.Runtime.Writes;
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        rig.Runtime.Writes.ShouldBe(writes);
    }

    [Fact]
    public async Task TenReconciles_WithNothingToDo_WriteNothing()
    {
        rig.Options = rig.Options with { ResyncInterval = TimeSpan.FromMilliseconds(5) };
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1), ("pair", ControlPlane.Score(ControlPlane.Container("one"), ControlPlane.Container("two")))));
        var (writes, observations) = (rig.Runtime.Writes, rig.Runtime.Observations);
        await Eventually.HoldsAsync(() => rig.Runtime.Observations >= observations + 10, "ten more reconciles");
        rig.Runtime.Writes.ShouldBe(writes);
    }

    [Fact]
    public async Task HandMadeChanges_ArePutRight()
    {
        rig.Options = rig.Options with { ResyncInterval = TimeSpan.FromMilliseconds(20) };
        await rig.StartAsync();
        var generation = await rig.Operator.WantAsync(("web", V1));
        await rig.RunsAsync(generation);

        await rig.Runtime.RemoveAsync("acme.web.app", TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => IsAsWanted(), "the removed container is made again");

        rig.Runtime.Change("acme.web.app", container => container with { Env = container.Env.SetItem("MODE", "hand") });
        await Eventually.HoldsAsync(() => IsAsWanted(), "the changed container is replaced");

        rig.Runtime.End("acme.web.app", 137);
        await Eventually.HoldsAsync(() => IsAsWanted(), "the ended container is started");
        await rig.RunsAsync(generation);
    }

    /// <summary>Podman 4 loses a container that is started in the middle of its removal by somebody else.</summary>
    [Fact]
    public async Task EndedJustNow_IsLeftAloneForAMomentAndThenStarted()
    {
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        rig.Runtime.End("acme.web.app", 137, isJustNow: true);
        var report = await rig.ReportsAsync(it => it.Deployments is [{ Phase: Phase.Pending }], "it is said not to run");
        report.Deployments[0].LastError.ShouldBe("acme.web.app ended a moment ago, with exit code 137");
        rig.Runtime.Writes.Count(write => write == "start acme.web.app").ShouldBe(1);
        await rig.ReportsAsync(it => it.Deployments is [{ Phase: Phase.Running }], "it runs again, though nobody gave a hint");
        rig.Runtime.Writes.Count(write => write == "start acme.web.app").ShouldBe(2);
    }

    /// <summary>What is left of a deployment may have been made by several scores; they go one after another.</summary>
    [Fact]
    public async Task Removal_OfContainersOfSeveralScores_IsNotCalledOffByItself()
    {
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("pair", ControlPlane.Score(ControlPlane.Container("one"), ControlPlane.Container("two")))));
        var other = rig.Runtime.Containers[1].Labels.SetItem(ContainerLabels.ScoreDigest, Contracts.Names.Digest.Of("other"u8).Value);
        rig.Runtime.Change("acme.pair.two", container => container with { Labels = other });
        rig.Runtime.AfterWrite = async write =>
        {
            if (write.StartsWith("remove acme.pair.one", StringComparison.Ordinal))
            {
                // The agent looks in between.
                var observations = rig.Runtime.Observations;
                rig.Runtime.Tell("acme.pair.two");
                await Eventually.HoldsAsync(() => rig.Runtime.Observations > observations, "a look");
            }
        };
        var before = rig.Runtime.Writes.Length;
        await rig.RunsAsync(await rig.Operator.WantAsync());
        rig.Runtime.Writes.Skip(before).ShouldBe(["stop acme.pair.one", "stop acme.pair.two", "remove acme.pair.one", "remove acme.pair.two"]);
    }

    [Fact]
    public async Task OneDeploymentFails_OthersRun_AndItRecovers()
    {
        await rig.StartAsync();
        await rig.Operator.WantAsync(("bad", ControlPlane.Score(ControlPlane.Container(image: "nowhere:1"))), ("web", V1));
        var report = await rig.ReportsAsync(
            it => it.Deployments.Length == 2 && it.Deployments[0].Phase == Phase.Failed && it.Deployments[1].Phase == Phase.Running, "one fails, one runs");
        report.Deployments[0].LastError.ShouldBe("There is no image 'nowhere:1'.");
        rig.Runtime.Publish("nowhere:1");
        report = await rig.ReportsAsync(it => it.Deployments.All(item => item.Phase == Phase.Running), "both run");
        report.Deployments[0].LastError.ShouldBeNull();
    }

    [Fact]
    public async Task PullFails_OldContainerGoesOn()
    {
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        var before = rig.Runtime.Containers.Single();
        await rig.Operator.WantAsync(("web", ControlPlane.Score(ControlPlane.Container(image: "nowhere:2", port: 80))));
        await rig.ReportsAsync(it => it.Deployments[0].Phase == Phase.Failed, "the upgrade fails");
        rig.Runtime.Containers.Single().ShouldBe(before);
    }

    [Fact]
    public Task SlowPull_HoldsNobodyElseUp_AndIsCalledOffForANewScore() => SlowPullAsync(("slow", V2), ("web", V1));

    [Fact]
    public async Task SlowPull_IsCalledOffWhenNoLongerWanted()
    {
        await SlowPullAsync(("web", V1));
        rig.Runtime.Containers.ShouldHaveSingleItem().Name.ShouldBe("acme.web.app");
    }

    [Fact]
    public async Task RuntimeMakesItOtherwise_IsReportedAndNotMadeAgainForEver()
    {
        rig.Options = rig.Options with { ResyncInterval = TimeSpan.FromMilliseconds(5) };
        rig.Runtime.Making = container => container with { StopTimeoutSeconds = 1 };
        await rig.StartAsync();
        await rig.Operator.WantAsync(("web", V1));
        var report = await rig.ReportsAsync(it => it.Deployments is [{ Phase: Phase.Failed }], "it says what is wrong");
        report.Deployments[0].LastError!.ShouldContain("stop timeout 1 s instead of 10 s");
        var observations = rig.Runtime.Observations;
        await Eventually.HoldsAsync(() => rig.Runtime.Observations >= observations + 10, "ten more reconciles");
        rig.Runtime.Writes.Count(write => write.StartsWith("create", StringComparison.Ordinal)).ShouldBe(2); // Once could be somebody's hand.
    }

    [Fact]
    public async Task HandMadeChange_BeforeTheNextLook_IsPutRight()
    {
        var hands = 0;
        rig.Runtime.AfterWrite = write =>
        {
            if (write.StartsWith("start", StringComparison.Ordinal) && hands++ == 0)
            {
                rig.Runtime.Change("acme.web.app", container => container with { Env = container.Env.SetItem("MODE", "hand") });
            }

            return Task.CompletedTask;
        };
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        await Eventually.HoldsAsync(() => hands == 2 && IsAsWanted(), "the container that was changed as soon as it ran is replaced");
    }

    [Fact]
    public async Task PortInUse_IsReportedAndTriedAgain()
    {
        rig.Runtime.Fault = (operation, _) => operation == "start" ? new Fault(FaultKind.Transient, "Port 80 is in use.") : null;
        await rig.StartAsync();
        var generation = await rig.Operator.WantAsync(("web", V1));
        var report = await rig.ReportsAsync(it => it.Deployments is [{ Phase: Phase.Failed }], "it fails");
        report.Deployments[0].LastError.ShouldBe("Could not start acme.web.app: Port 80 is in use.");
        rig.Runtime.Fault = null;
        await rig.RunsAsync(generation);
        rig.Runtime.Writes.Count(write => write.StartsWith("create", StringComparison.Ordinal)).ShouldBe(1);
    }

    /// <summary>Podman says so of a name whose container it is still taking away.</summary>
    [Theory]
    [InlineData(FaultKind.Conflict)]
    [InlineData(FaultKind.Permanent)]
    public async Task RefusedForAMoment_IsTriedAgainSoon(FaultKind kind)
    {
        rig.Options = rig.Options with { BackOff = new BackOff(TimeSpan.FromMilliseconds(5), TimeSpan.FromHours(1)) };
        var tries = 0;
        rig.Runtime.Fault = (operation, _) => operation == "create" && tries++ < 2 ? new Fault(kind, "The name is in use.") : null;
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        tries.ShouldBe(3);
    }

    [Fact]
    public async Task DeploymentRenamed_TakesThePortOver()
    {
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        await rig.RunsAsync(await rig.Operator.WantAsync(("api", V1)));
        rig.Runtime.Containers.Single().Name.ShouldBe("acme.api.app");
    }

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    private bool IsAsWanted() => rig.Runtime.Containers is [{ Name: "acme.web.app", State: ContainerState.Running } only] && only.Env["MODE"] == "test";

    private async Task SlowPullAsync(params (string Name, byte[] Score)[] next)
    {
        var calledOff = new TaskCompletionSource();
        rig.Runtime.Publish("slow:1");
        rig.Runtime.BeforePull = async (reference, token) =>
        {
            if (reference == "slow:1")
            {
                await using var registration = token.Register(() => calledOff.TrySetResult());
                await Task.Delay(Timeout.Infinite, token);
            }
        };
        await rig.StartAsync();
        var slow = ControlPlane.Score(ControlPlane.Container(image: "slow:1"));
        await rig.Operator.WantAsync(("slow", slow), ("web", V1));
        await rig.ReportsAsync(it => it.Deployments is [{ Phase: Phase.Pulling }, { Phase: Phase.Running }], "one pulls, one runs");
        await rig.Operator.WantAsync(next);
        await calledOff.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }
}
