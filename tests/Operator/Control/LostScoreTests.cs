using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>Scores that stand on the bus no more, though deployments name them.</summary>
public sealed class LostScoreTests : IAsyncLifetime
{
    private ControlFixture fleet = null!;
    private FakeAgent pi = null!;
    private IBucket scores = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        fleet = await ControlFixture.StartAsync();
        await Eventually.HoldsAsync(() => fleet.Log.Count("Created the bucket scores") == 1, "the buckets are there");
        pi = new FakeAgent(fleet.Broker.Connect(), "pi-1", ControlledFleet.Master);
        scores = fleet.Broker.Connect().Bucket(BucketNames.Scores);
        await pi.SayHelloAsync(("group", "a"));
        await fleet.ApplyAsync("hello");
        await pi.TakeAsync("hello");
    }

    public ValueTask DisposeAsync() => fleet.DisposeAsync();

    [Fact]
    public async Task Score_Damaged_IsPutRightWhenADeviceMissesIt()
    {
        var before = await ScoreAsync();
        await scores.PutAsync(before.Key, "nonsense"u8.ToArray(), BusHeaders.None, Token);

        await ComesBackAsync(before);
    }

    [Fact]
    public async Task Score_NamedAgainAndTakenByALateRemoval_IsPutBackWhenADeviceMissesIt()
    {
        var before = await ScoreAsync();
        await fleet.DeleteAsync("hello");
        await Eventually.HoldsAsync(() => fleet.IsGoneAsync("hello"), "nothing names the score");
        await fleet.ApplyAsync("hello");
        await pi.TakeAsync("hello");

        // Sent while nothing named the score, and held back by the network until now. It was not written again, so its revision is the one that the removal names.
        (await ScoreAsync()).Revision.ShouldBe(before.Revision);
        (await scores.DeleteAsync(before.Key, before.Revision, Token)).ShouldBeOfType<PutOutcome.Stored>();
        (await scores.GetAsync(before.Key, Token)).ShouldBeOfType<GetOutcome.Missing>();

        await ComesBackAsync(before);
        (await pi.LookAsync()).ShouldBeOfType<ManifestVerdict.AlreadyHeld>();
    }

    private async Task<BucketEntry> ScoreAsync() =>
        (await scores.GetAsync(pi.Entries[0].Address.Value, Token)).ShouldBeOfType<GetOutcome.Found>().Entry;

    private Task ComesBackAsync(BucketEntry before) => Eventually.HoldsAsync(
        async () =>
        {
            await pi.ReportAsync(Phase.Failed, refusal: new() { Reason = RefusalReason.ScoreMissing });
            await Task.Delay(100, Token);
            return await scores.GetAsync(before.Key, Token) is GetOutcome.Found found && found.Entry.Value.Span.SequenceEqual(before.Value.Span);
        },
        "the score is put right");
}
