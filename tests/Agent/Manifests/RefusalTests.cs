using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Agent.Rigs;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Agent.Manifests;

public sealed class RefusalTests : IAsyncDisposable
{
    private static readonly byte[] V1 = ControlPlane.Score(ControlPlane.Container());
    private static readonly byte[] V2 = ControlPlane.Score(ControlPlane.Container(image: "app:2"));

    private readonly AgentRig rig = new();

    public static TheoryData<RefusalReason, string> Offers => new()
    {
        { RefusalReason.BadMac, "no MAC" },
        { RefusalReason.BadMac, "a wrong MAC" },
        { RefusalReason.BadMac, "another device's" },
        { RefusalReason.Stale, "older" },
        { RefusalReason.Forked, "forked" },
        { RefusalReason.Malformed, "malformed" },
        { RefusalReason.Malformed, "named for another" },
        { RefusalReason.TooNew, "too new" },
    };

    [Theory]
    [MemberData(nameof(Offers))]
    public async Task Refused_IsReported_AndNothingChanges(RefusalReason reason, string offer)
    {
        await rig.StartAsync();
        await rig.Operator.WantAsync(("web", V2));
        var held = await rig.Operator.WantAsync(("web", V1));
        await rig.RunsAsync(held);
        var writes = rig.Runtime.Writes;
        var (bytes, mac) = Bytes(offer);
        await rig.Operator.PutManifestAsync(bytes, mac);
        var report = await rig.ReportsAsync(it => it.Refusal?.Reason == reason, $"it says {reason}");
        report.ManifestGeneration.ShouldBe(held);
        report.Refusal!.Message.ShouldNotBeEmpty();
        rig.Runtime.Writes.ShouldBe(writes);

        var next = await rig.Operator.WantAsync(("web", V2));
        (await rig.RunsAsync(next)).Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task OlderThanTakenBeforeTheRestart_IsStale()
    {
        await rig.StartAsync();
        var older = ControlPlane.Manifest(new Generation(1, 1), ("web", V2));
        await rig.Operator.WantAsync(("web", V2));
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        await rig.StopAsync();
        await rig.Operator.PutManifestAsync(older, ControlPlane.Mac(older));
        await rig.StartAsync();
        var report = await rig.ReportsAsync(it => it.Refusal?.Reason == RefusalReason.Stale, "it says Stale");
        report.Refusal!.Generation.ShouldBe(new Generation(1, 1));
        report.ManifestGeneration.ShouldBe(new Generation(1, 2));
    }

    [Fact]
    public async Task ScoreMissing_IsReported_OthersRun_AndItRunsOnceItIsThere()
    {
        await rig.StartAsync();
        await rig.Operator.PutScoreAsync(ControlPlane.Entry("web", V1).Sealed);
        var generation = await rig.Operator.WantUnscoredAsync(("missing", V2), ("web", V1));
        var report = await rig.ReportsAsync(
            it => it.Deployments is [{ Phase: Phase.Failed }, { Phase: Phase.Running }] && it.Refusal?.Reason == RefusalReason.ScoreMissing, "it says so");
        report.Refusal!.Message.ShouldStartWith("acme/missing: ");
        report.Refusal.Generation.ShouldBe(generation);
        await rig.Operator.PutScoreAsync(ControlPlane.Entry("missing", V2).Sealed);
        (await rig.RunsAsync(generation)).Refusal.ShouldBeNull();
    }

    /// <summary>Somebody puts an old manifest back: by what the device holds the operator sees that, and that a score is missing it would not hear.</summary>
    [Fact]
    public async Task ScoreMissing_IsReported_ThoughAStaleManifestWasRefused()
    {
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        var generation = await rig.Operator.WantUnscoredAsync(("web", V2));
        await rig.ReportsAsync(it => it.Refusal?.Reason == RefusalReason.ScoreMissing, "it says so");
        var older = ControlPlane.Manifest(new Generation(1, 1), ("web", V1));
        await rig.Operator.PutManifestAsync(older, ControlPlane.Mac(older));
        await Eventually.HoldsAsync(() => rig.Logged(4003) == 1, "the old one is refused");
        await rig.Runtime.RemoveAsync("acme.web.app", TestContext.Current.CancellationToken);
        var report = await rig.ReportsAsync(it => it.Refusal?.Reason == RefusalReason.Stale || it.Deployments is [{ Containers.IsEmpty: true }], "it reports again");
        report.Refusal!.Reason.ShouldBe(RefusalReason.ScoreMissing);

        await rig.Operator.PutScoreAsync(ControlPlane.Entry("web", V2).Sealed);
        (await rig.ReportsAsync(it => it.Refusal?.Reason == RefusalReason.Stale, "now it says that too")).ManifestGeneration.ShouldBe(generation);
    }

    /// <summary>Somebody puts a forged manifest, which stays there: that is told once, and then that a score is missing.</summary>
    [Fact]
    public async Task ScoreMissing_IsReported_OnceAForgedManifestWasTold()
    {
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        await rig.Operator.WantUnscoredAsync(("web", V2));
        await rig.ReportsAsync(it => it.Refusal?.Reason == RefusalReason.ScoreMissing, "it says so");
        await rig.Operator.PutManifestAsync(ControlPlane.Manifest(new Generation(9, 1)), "v1:forged");

        await rig.ReportsAsync(it => it.Refusal?.Reason == RefusalReason.BadMac, "it says that one is forged");
        await rig.ReportsAsync(it => it.Refusal?.Reason == RefusalReason.ScoreMissing, "and then again that a score is missing");
    }

    [Fact]
    public async Task ScoreReplacedByAnother_IsMissing_AndWhatStandsStays()
    {
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        var id = rig.Runtime.Containers.Single().Id;
        await rig.Operator.PutScoreAsync(ControlPlane.Entry("web", V2).Sealed with { Ciphertext = ControlPlane.Entry("web", V1).Sealed.Ciphertext });
        await rig.Operator.WantUnscoredAsync(("web", V2));
        await rig.ReportsAsync(it => it.Refusal?.Reason == RefusalReason.ScoreMissing && it.Deployments is [{ Phase: Phase.Failed }], "it says so");
        rig.Runtime.Containers.Single().Id.ShouldBe(id);
    }

    [Theory]
    [InlineData("""{"PodmanV0":{"containers":[{"name":"app","image":"app:1","gpu":1}]}}""", "agent too old for field PodmanV0.containers[0].gpu")]
    [InlineData("""{"WasmV0":{}}""", "agent too old for field WasmV0")]
    [InlineData("""{"PodmanV0":{"containers":[]}}""", "at least one container")]
    [InlineData("""{"PodmanV0":{"containers":[{"name":"app","image":"app:1","volumeMounts":[{"mountPath":"relative"}]}]}}""", "mountPath")]
    [InlineData("""hello""", "cannot be used")]
    public async Task ScoreUnusable_FailsItsDeployment_AndOthersRun(string score, string error)
    {
        await rig.StartAsync();
        await rig.Operator.WantAsync(("bad", ControlPlane.Utf8(score)), ("web", V1));
        var report = await rig.ReportsAsync(it => it.Deployments is [{ Phase: Phase.Failed }, { Phase: Phase.Running }], "one fails, one runs");
        report.Deployments[0].LastError!.ShouldContain(error);
        report.Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task FloodOfForgedManifests_IsReportedOnce()
    {
        await rig.StartAsync();
        await rig.RunsAsync(await rig.Operator.WantAsync(("web", V1)));
        var forged = ControlPlane.Manifest(new Generation(9, 9));
        for (var round = 0; round < 200; round++)
        {
            await rig.Operator.PutManifestAsync(forged, "1:AAAA");
        }

        await rig.ReportsAsync(it => it.Refusal?.Reason == RefusalReason.BadMac, "it says BadMac");
        rig.Runtime.Containers.Length.ShouldBe(1);
        rig.Broker.WritesOf(BucketNames.DeviceState).ShouldBeLessThan(50UL);
    }

    [Fact]
    public async Task ForgedAndPutBackBeforeTheNextReport_IsReportedOnce()
    {
        rig.Options = rig.Options with { ReportDelay = TimeSpan.FromMilliseconds(500) };
        await rig.StartAsync();
        var held = ControlPlane.Manifest(await rig.Operator.WantAsync(("web", V1)), ("web", V1));
        await rig.RunsAsync(new Generation(1, 1));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        await using var reports = Reports(patience.Token).GetAsyncEnumerator(patience.Token);
        await NextAsync(reports, _ => true);
        await rig.Operator.PutManifestAsync(ControlPlane.Manifest(new Generation(9, 9)), "1:AAAA");
        await rig.Operator.PutManifestAsync(held, ControlPlane.Mac(held));
        (await NextAsync(reports, report => report.Refusal is not null)).Refusal!.Reason.ShouldBe(RefusalReason.BadMac);
        await NextAsync(reports, report => report.Refusal is null);
        rig.Runtime.Containers.Length.ShouldBe(1);
    }

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    private static async Task<DeviceReport> NextAsync(IAsyncEnumerator<DeviceReport> reports, Func<DeviceReport, bool> condition)
    {
        do
        {
            (await reports.MoveNextAsync()).ShouldBeTrue();
        }
        while (!condition(reports.Current));
        return reports.Current;
    }

    /// <summary>Every report that is stored.</summary>
    private IAsyncEnumerable<DeviceReport> Reports(CancellationToken cancellationToken) => rig.Broker.Connect().Bucket(BucketNames.DeviceState)
        .WatchAsync(">", cancellationToken)
        .OfType<BucketEvent.Changed>()
        .Select(changed => JsonSerializer.Deserialize(changed.Value.Value.Span, ContractsJson.Bus.DeviceReport)!);

    private static (byte[] Bytes, string? Mac) Bytes(string offer)
    {
        var newer = ControlPlane.Manifest(new Generation(5, 5));
        var foreign = DeviceId.Parse("pi-2");
        var foreignKeys = ControlPlane.Master.DeviceKeys(foreign, 1);
        return offer switch
        {
            "no MAC" => (newer, null),
            "a wrong MAC" => (newer, ControlPlane.Mac([1, .. newer])),
            "another device's" => (newer, MessageMac.Sign(foreignKeys.Down, 1, MessageKinds.Manifest, foreign, newer)),
            "older" => Signed(ControlPlane.Manifest(new Generation(1, 1))),
            "forked" => Signed(ControlPlane.Manifest(new Generation(1, 2))),
            "malformed" => Signed("[]"u8.ToArray()),
            "named for another" => Signed("""{"device":"pi-2","generation":{"term":5,"counter":5}}"""u8.ToArray()),
            "too new" => Signed("""{"apiVersion":"fleet/v2","device":"pi-1","generation":{"term":5,"counter":5}}"""u8.ToArray()),
            _ => throw new ArgumentOutOfRangeException(nameof(offer)),
        };
    }

    private static (byte[] Bytes, string Mac) Signed(byte[] bytes) => (bytes, ControlPlane.Mac(bytes));
}
