using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Tests.Core.Reconciling;

public sealed class PhasesTests
{
    [Theory]
    [InlineData(RestartPolicy.Always, ContainerState.Running, null, Phase.Running)]
    [InlineData(RestartPolicy.Always, ContainerState.Created, null, Phase.Pending)]
    [InlineData(RestartPolicy.Always, ContainerState.Exited, 0, Phase.Pending)]
    [InlineData(RestartPolicy.Never, ContainerState.Exited, 0, Phase.Running)]
    [InlineData(RestartPolicy.Never, ContainerState.Exited, 2, Phase.Failed)]
    [InlineData(RestartPolicy.Never, ContainerState.Exited, null, Phase.Failed)]
    [InlineData(RestartPolicy.OnFailure, ContainerState.Exited, 0, Phase.Running)]
    [InlineData(RestartPolicy.OnFailure, ContainerState.Exited, 2, Phase.Pending)]
    [InlineData(RestartPolicy.Always, ContainerState.Stopping, null, Phase.Pending)]
    [InlineData(RestartPolicy.Always, ContainerState.Unknown, null, Phase.Pending)]
    public void AtRest_OneContainer_SaysHowItStands(RestartPolicy policy, ContainerState state, int? exitCode, Phase expected)
    {
        var spec = Some.Spec(it => it with { RestartPolicy = policy });
        Phases.AtRest([spec], [Some.Running(spec) with { State = state, ExitCode = exitCode }], Some.Now).Phase.ShouldBe(expected);
    }

    [Theory]
    [InlineData(RestartPolicy.Never, ContainerState.Exited, 0, true)]
    [InlineData(RestartPolicy.OnFailure, ContainerState.Exited, 0, true)]
    [InlineData(RestartPolicy.OnFailure, ContainerState.Running, null, false)]
    [InlineData(RestartPolicy.Always, ContainerState.Exited, 0, false)]
    [InlineData(RestartPolicy.Never, ContainerState.Exited, 2, false)]
    public void AtRest_IsCompleted_WhereAllWereToEndAndEndedWell(RestartPolicy policy, ContainerState state, int? exitCode, bool expected)
    {
        var spec = Some.Spec(it => it with { RestartPolicy = policy });
        var other = Some.Spec(it => it with { RestartPolicy = policy, Name = "acme.web.other" });
        var ended = Some.Running(other) with { State = ContainerState.Exited, ExitCode = 0 };
        Phases.AtRest([spec, other], [Some.Running(spec) with { State = state, ExitCode = exitCode }, ended], Some.Now).IsCompleted.ShouldBe(expected);
        Phases.AtRest([], [], Some.Now).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void AtRest_ContainerMissing_IsNotRunning() => Phases.AtRest([Some.Spec()], [], Some.Now).Phase.ShouldBe(Phase.Pending);

    [Fact]
    public void AtRest_OneOfTwoBroken_IsFailedAndNamesIt()
    {
        var good = Some.Spec();
        var bad = Some.Spec(it => it with { Name = "acme.web.bad", RestartPolicy = RestartPolicy.Never });
        var verdict = Phases.AtRest([good, bad], [Some.Running(good), Some.Running(bad) with { State = ContainerState.Exited, ExitCode = 9 }], Some.Now);
        verdict.Phase.ShouldBe(Phase.Failed);
        verdict.Error.ShouldBe("acme.web.bad ended with exit code 9, and its restart policy leaves it so");
    }

    [Theory]
    [InlineData(0, 1, Phase.Running)]
    [InlineData(4, 1, Phase.Failed)]
    [InlineData(4, 11, Phase.Running)]
    [InlineData(4, -3600, Phase.Running)]
    public void AtRest_StartedAgainByTheRuntime_RunsOnceItSettled(int restarts, int ageSeconds, Phase expected)
    {
        var spec = Some.Spec();
        var container = Some.Running(spec) with { Restarts = restarts, StartedAt = Some.Now.AddSeconds(-ageSeconds) };
        Phases.AtRest([spec], [container], Some.Now).Phase.ShouldBe(expected);
    }

    /// <summary>Between two starts of the runtime's it does not turn from failed to pending and back.</summary>
    [Theory]
    [InlineData(0, Phase.Pending, "acme.web.app ended a moment ago, with exit code 3")]
    [InlineData(4, Phase.Failed, "acme.web.app keeps ending: the runtime started it again 4 times, last after exit code 3")]
    [InlineData(1, Phase.Failed, "acme.web.app keeps ending: the runtime started it again once, last after exit code 3")]
    [InlineData(1, Phase.Failed, "acme.web.app keeps ending: the runtime started it again once", 0)]
    [InlineData(0, Phase.Pending, "acme.web.app ended a moment ago", null)]
    public void AtRest_EndedJustNow_SaysSo(int restarts, Phase expected, string error, int? exitCode = 3)
    {
        var spec = Some.Spec();
        var container = Some.Running(spec) with { State = ContainerState.Exited, ExitCode = exitCode, Restarts = restarts, FinishedAt = Some.Now.AddSeconds(-1) };
        Phases.AtRest([spec], [container], Some.Now).ShouldBe(new PhaseVerdict(expected, error));
    }

    [Theory]
    [InlineData(ContainerState.Running, "running", Phase.Failed, "acme.web.app keeps ending: the runtime started it again 2 times")]
    [InlineData(ContainerState.Stopping, "stopping", Phase.Pending, "acme.web.app is in state 'stopping'")]
    [InlineData(ContainerState.Unreadable, "input/output error", Phase.Pending, "acme.web.app is in state 'input/output error'")]
    [InlineData(ContainerState.Paused, "paused", Phase.Pending, null)]
    [InlineData(ContainerState.Created, "created", Phase.Pending, null)]
    public void AtRest_NotSettled_SaysWhy(ContainerState state, string word, Phase expected, string? error)
    {
        var spec = Some.Spec();
        var container = Some.Running(spec) with { State = state, StateText = word, Restarts = 2, StartedAt = Some.Now };
        Phases.AtRest([spec], [container], Some.Now).ShouldBe(new PhaseVerdict(expected, error));
    }

    [Fact]
    public void AtRest_EndedUnseen_SaysThatTheExitCodeIsUnknown()
    {
        var spec = Some.Spec(it => it with { RestartPolicy = RestartPolicy.Never });
        Phases.AtRest([spec], [Some.Running(spec) with { State = ContainerState.Exited }], Some.Now).Error
            .ShouldBe("acme.web.app ended with exit code unknown, and its restart policy leaves it so");
    }

    [Fact]
    public void AtRest_JustSettled_Runs()
    {
        var spec = Some.Spec();
        var container = Some.Running(spec) with { Restarts = 1, StartedAt = Some.Now - Phases.SettleTime };
        Phases.AtRest([spec], [container], Some.Now).Phase.ShouldBe(Phase.Running);
        Phases.AtRest([spec], [container with { StartedAt = Some.Now }], Some.Now).Phase.ShouldBe(Phase.Failed);
    }

    /// <summary>The first that is not there yet is what is told, and it is not completed before all are.</summary>
    [Fact]
    public void AtRest_SeveralUnsettled_TellsTheFirst()
    {
        var (one, two) = (Some.Spec(), Some.Spec(it => it with { Name = "acme.web.two" }));
        ObservedContainer Stopping(ContainerSpec spec) => Some.Running(spec) with { State = ContainerState.Stopping, StateText = "stopping" };
        Phases.AtRest([one, two], [Stopping(two), Stopping(one)], Some.Now).Error.ShouldBe("acme.web.app is in state 'stopping'");
        Phases.AtRest([one, two], [Some.Running(one), Stopping(two)], Some.Now).Error.ShouldBe("acme.web.two is in state 'stopping'");
    }

    [Fact]
    public void During_EachEffect_HasItsPhase()
    {
        var key = new Contracts.Names.DeploymentKey(default, default);
        DeploymentPlan Plan(PlanKind kind) => new(key, kind, [], [], []);
        Phases.During(Plan(PlanKind.Install), new Effect.EnsureImage(key, "app:1")).ShouldBe(Phase.Pulling);
        Phases.During(Plan(PlanKind.Replace), new Effect.EnsureImage(key, "app:1")).ShouldBe(Phase.Pulling);
        Phases.During(Plan(PlanKind.Install), new Effect.Create(key, Some.Spec())).ShouldBe(Phase.Initializing);
        Phases.During(Plan(PlanKind.Replace), new Effect.Start(key, "a")).ShouldBe(Phase.Upgrading);
        Phases.During(Plan(PlanKind.Start), new Effect.Start(key, "a")).ShouldBe(Phase.Initializing);
        Phases.During(Plan(PlanKind.Remove), new Effect.Remove(key, "a", "b")).ShouldBe(Phase.Removing);
    }
}
