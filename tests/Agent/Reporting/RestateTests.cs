using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Agent.Rigs;

namespace Harmony.Fleet.Tests.Agent.Reporting;

/// <summary>What the bus lost of a device while its connection stood is put again by itself, and as it was.</summary>
public sealed class RestateTests : IAsyncLifetime
{
    private readonly AgentRig rig = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        rig.Options = rig.Options with { RestateInterval = TimeSpan.FromMilliseconds(100) };
        await rig.StartAsync();
    }

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact]
    public async Task Documents_LostWithTheirBuckets_ComeBackAsTheyWere()
    {
        var info = await rig.InfoAsync(_ => true, "an info");
        var report = await rig.ReportsAsync(_ => true, "a report");
        rig.Broker.LoseBucket(BucketNames.DeviceInfo);
        rig.Broker.LoseBucket(BucketNames.DeviceState);
        await rig.Operator.EnsureBucketsAsync();

        (await rig.InfoAsync(_ => true, "the info, again")).Order.ShouldBe(info.Order);
        (await rig.ReportsAsync(_ => true, "the report, again")).Order.ShouldBe(report.Order);
    }

    [Fact]
    public async Task Documents_ThatAreThere_AreNoNewOnes()
    {
        var info = await rig.InfoAsync(_ => true, "an info");
        var report = await rig.ReportsAsync(_ => true, "a report");
        var before = await RevisionAsync();
        await Harness.Eventually.HoldsAsync(async () => await RevisionAsync() > before + 3, "it was put a few times");
        ((await rig.Operator.InfoAsync())!.Order, (await rig.Operator.ReportAsync())!.Order).ShouldBe((info.Order, report.Order));
    }

    private async Task<ulong> RevisionAsync() =>
        (await rig.Bus.Bucket(BucketNames.DeviceInfo).GetAsync(ControlPlane.Device.Value, Ct)).ShouldBeOfType<GetOutcome.Found>().Entry.Revision;
}
