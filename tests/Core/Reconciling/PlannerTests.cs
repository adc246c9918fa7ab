using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Tests.Harness.Containers;

namespace Harmony.Fleet.Tests.Core.Reconciling;

/// <summary>
/// Plans are golden files: a changed plan is a reviewed diff. To accept one on purpose, run the test once with
/// HARMONY_FLEET_WRITE_GOLDEN set to the folder of the plans.
/// </summary>
public sealed class PlannerTests
{
    private static readonly DesiredDeployment Web = Some.Deployment(Some.Entry("web"), Some.Container("app", port: 80));

    [Fact]
    public void Make_NothingStands_InstallsAll() => Check(
        "install",
        [Web, Some.Deployment(Some.Entry("pair"), Some.Container("one", "one:1"), Some.Container("two", "one:1"))],
        []);

    [Fact]
    public void Make_AllStands_DoesNothing() => Check("nothing", [Web], [Standing(Web)]);

    [Fact]
    public void Make_NewImage_PullsBeforeItStops() => Check(
        "upgrade",
        [Some.Deployment(Some.Entry("web", score: "v2"), Some.Container("app", "app:2", 80))],
        [Standing(Web)]);

    [Fact]
    public void Make_OneOfTwoChanged_LeavesTheOther()
    {
        var before = Some.Deployment(Some.Entry("pair"), Some.Container("one"), Some.Container("two"));
        var after = Some.Deployment(Some.Entry("pair", score: "v2"), Some.Container("one"), Some.Container("two", "app:2"));
        Check("upgrade-one-of-two", [after], [Standing(before, 0), Standing(before, 1)]);
    }

    [Fact]
    public void Make_PortMovesBetweenContainers_StopsBothBeforeEitherIsMade()
    {
        var before = Some.Deployment(Some.Entry("pair"), Some.Container("one", port: 80), Some.Container("two", port: 81));
        var after = Some.Deployment(Some.Entry("pair", score: "v2"), Some.Container("one", port: 81), Some.Container("two", port: 80));
        Check("swap-ports", [after], [Standing(before, 0), Standing(before, 1)]);
    }

    [Fact]
    public void Make_DeploymentGone_RemovesItFirstAndItsHeirWaits() => Check(
        "rename",
        [Some.Deployment(Some.Entry("api"), Some.Container("app", port: 80)), Some.Deployment(Some.Entry("zoo"), Some.Container("app", port: 90))],
        [Standing(Web)]);

    [Fact]
    public void Make_MadeAnewUnderTheSameName_Replaces() => Check("new-uid", [Web], [Standing(Some.Deployment(Some.Entry("web", "uid-0"), Some.Container("app", port: 80)))]);

    [Fact]
    public void Make_ContainerLeftTheScore_RemovesIt()
    {
        var before = Some.Deployment(Some.Entry("web"), Some.Container("app", port: 80), Some.Container("side"));
        Check("surplus", [Web], [Standing(before, 0), Standing(before, 1)]);
    }

    [Fact]
    public void Make_StoppedByHand_Starts() => Check("start", [Web], [Standing(Web) with { State = ContainerState.Exited, ExitCode = 143 }]);

    [Fact]
    public void Make_MadeButNeverStarted_Starts() => Check("created", [Web], [Standing(Web) with { State = ContainerState.Created }]);

    [Fact]
    public void Make_PausedByHand_Replaces() => Check("paused", [Web], [Standing(Web) with { State = ContainerState.Paused }]);

    [Fact]
    public void Make_ChangedByHand_Replaces()
    {
        var standing = Standing(Web);
        Check("drift", [Web], [standing with { Env = standing.Env.Add("DEBUG", "1"), RestartPolicy = "no" }]);
    }

    [Theory]
    [InlineData(RestartPolicy.Always, 0, true)]
    [InlineData(RestartPolicy.Always, 3, true)]
    [InlineData(RestartPolicy.OnFailure, 0, false)]
    [InlineData(RestartPolicy.OnFailure, 3, true)]
    [InlineData(RestartPolicy.Never, 0, false)]
    [InlineData(RestartPolicy.Never, 3, false)]
    public void Make_Ended_StartsAgainByItsPolicy(RestartPolicy policy, int exitCode, bool starts)
    {
        var job = Some.Deployment(Some.Entry("job"), new PodmanV0Score { Containers = [Some.Container("app")], RestartPolicy = policy });
        var ended = Standing(job) with { State = ContainerState.Exited, ExitCode = exitCode };
        Planner.Make(Some.Device, [job], [ended], Some.Now).Effects.OfType<Effect.Start>().Any().ShouldBe(starts);
    }

    /// <summary>Its seconds since the end, and whether it is left alone: the runtime may start it, or somebody remove it.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(4.9, false)]
    [InlineData(5, true)]
    [InlineData(-60, true)]
    public void Make_EndedJustNow_IsLeftAloneForAMoment(double seconds, bool starts)
    {
        var ended = Standing(Web) with { State = ContainerState.Exited, ExitCode = 137, FinishedAt = Some.Now.AddSeconds(-seconds) };
        Planner.Make(Some.Device, [Web], [ended], Some.Now).IsEmpty.ShouldBe(!starts);
        Planner.Make(Some.Device, [Web with { Containers = null }], [ended], Some.Now).IsEmpty.ShouldBe(!starts);
        KeepAlive.Make(Some.Device, [ended], Some.Now).IsEmpty.ShouldBe(!starts);
    }

    [Theory]
    [InlineData(ContainerState.Removing)]
    [InlineData(ContainerState.Damaged)]
    public void Make_OfNoMoreUse_IsReplaced(ContainerState state) =>
        Planner.Make(Some.Device, [Web], [Standing(Web) with { State = state }], Some.Now).Deployments.ShouldHaveSingleItem().Kind.ShouldBe(PlanKind.Replace);

    /// <summary>What is not known of it is no difference; and it goes when nobody wants it.</summary>
    [Fact]
    public void Make_Unreadable_IsLeftUntilNobodyWantsIt()
    {
        var standing = Standing(Web);
        var unreadable = new ObservedContainer
        {
            Id = standing.Id, Name = standing.Name, State = ContainerState.Unreadable, Image = string.Empty, ImageId = string.Empty, Labels = standing.Labels, ImageDefaults = new(),
        };
        Planner.Make(Some.Device, [Web], [unreadable], Some.Now).IsEmpty.ShouldBeTrue();
        Planner.Make(Some.Device, [], [unreadable], Some.Now).Effects.ShouldHaveSingleItem().ShouldBeOfType<Effect.Remove>().Id.ShouldBe(standing.Id);
    }

    [Fact]
    public void Make_ScoreUnknown_StartsWhatStood()
    {
        var stopped = Standing(Web) with { State = ContainerState.Exited };
        var plan = Planner.Make(Some.Device, [Web with { Containers = null }], [stopped], Some.Now).Deployments.ShouldHaveSingleItem();
        plan.Effects.ShouldHaveSingleItem().ShouldBe(new Effect.Start(Web.Key, stopped.Name));
    }

    [Fact]
    public void Make_ScoreUnknown_LeavesWhatStands()
    {
        var unknown = Web with { Containers = null };
        var changed = Standing(Web) with { RestartPolicy = "no", State = ContainerState.Exited };
        Planner.Make(Some.Device, [unknown], [changed], Some.Now).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Make_ForeignContainers_AreNotTouched()
    {
        var standing = Standing(Web);
        ImmutableArray<ObservedContainer> foreign =
        [
            standing with { Labels = standing.Labels.SetItem(ContainerLabels.Device, "pi-2") },
            standing with { Labels = standing.Labels.Remove(ContainerLabels.Device) },
            standing with { Labels = standing.Labels.Remove(ContainerLabels.Deployment) },
            standing with { Labels = standing.Labels.SetItem(ContainerLabels.Namespace, "Not A Name") },
        ];
        Planner.Make(Some.Device, [], foreign, Some.Now).IsEmpty.ShouldBeTrue();
    }

    private static ObservedContainer Standing(DesiredDeployment deployment, int index = 0) =>
        Some.Running(deployment.Containers!.Value[index], FakeImage.Of("app", Some.Image.Defaults));

    private static void Check(string name, ImmutableArray<DesiredDeployment> desired, ImmutableArray<ObservedContainer> observed)
    {
        var text = Planner.Make(Some.Device, desired, observed, Some.Now).ToString();
        if (Environment.GetEnvironmentVariable("HARMONY_FLEET_WRITE_GOLDEN") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, name + ".txt"), text);
            return;
        }

        text.ShouldBe(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reconciling", "Plans", name + ".txt")));
    }
}
