using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Aggregation;

namespace Harmony.Fleet.Tests.Core.Aggregation;

public sealed class ReportedDeploymentTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);
    private static readonly DeviceId Device = DeviceId.Parse("pi-1");

    private static readonly DeploymentReport Report = new()
    {
        Namespace = NamespaceName.Parse("default"),
        Name = DeploymentName.Parse("web"),
        Uid = "u",
        ScoreDigest = Digest.Of("score"u8),
        Phase = Phase.Failed,
        Completed = true,
        Since = Now.AddSeconds(-5),
        LastError = "it broke",
    };

    [Fact]
    public void Of_AReport_HasAllThatItSays()
    {
        var read = ReportedDeployment.Of(Device, Report, Now);

        read.Key.ShouldBe(new DeploymentKey(Report.Namespace, Report.Name));
        read.Identity.ShouldBe(new ScoreIdentity("u", Report.ScoreDigest));
        (read.Phase, read.IsCompleted).ShouldBe((Phase.Failed, true));
        read.Error.ShouldBe(new DeviceError { Device = Device, Message = "it broke", At = Now.AddSeconds(-5) });
        ReportedDeployment.Of(Device, Report with { LastError = null }, Now).Error.ShouldBeNull();
    }

    /// <summary>It would stay the newest one for ever.</summary>
    [Fact]
    public void Of_AnErrorFromTheFuture_IsOfNow() =>
        ReportedDeployment.Of(Device, Report with { Since = Now.AddYears(1) }, Now).Error!.At.ShouldBe(Now);

    [Fact]
    public void Of_AnError_IsAsItWillBeStored()
    {
        var error = ReportedDeployment.Of(Device, Report with { Since = Now.AddTicks(-15_001), LastError = new string('x', WireLimits.MaxErrorBytes + 1) }, Now).Error!;

        error.At.ShouldBe(Now.AddMilliseconds(-2));
        error.Message.Length.ShouldBe(WireLimits.MaxErrorBytes);
    }

    [Theory]
    [InlineData(false, Phase.Running, PairState.Unreachable, false)]
    [InlineData(true, Phase.Running, PairState.Succeeded, true)]
    [InlineData(true, Phase.Failed, PairState.Failed, false)]
    [InlineData(true, Phase.Pending, PairState.Pending, false)]
    [InlineData(true, null, PairState.Pending, false)]
    public void Verdict_OfAPair_IsASuccessOnlyWhereItRuns(bool isReachable, Phase? phase, PairState state, bool isCompleted) =>
        Verdict.Of(isReachable, phase is { } known ? (known, null, true) : null).ShouldBe(new Verdict(state, null, isCompleted));
}
