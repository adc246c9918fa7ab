using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>A rule of a bucket that somebody changed by hand discards what it likes, and no watch tells of it: it is put again as soon as the rule is put right.</summary>
public sealed class CorrectedBucketTests : IAsyncLifetime
{
    private ControlFixture fleet = null!;
    private FakeAgent agent = null!;

    public async ValueTask InitializeAsync()
    {
        fleet = await ControlFixture.StartAsync();
        await Eventually.HoldsAsync(() => fleet.Log.Count("Created the bucket scores") == 1, "the buckets are there");
        agent = new FakeAgent(fleet.Broker.Connect(), "pi-1", ControlledFleet.Master);
        await agent.SayHelloAsync(("group", "a"));
        await fleet.ApplyAsync("hello");
        await agent.TakeAsync("hello");
    }

    public ValueTask DisposeAsync() => fleet.DisposeAsync();

    [Fact]
    public async Task Manifests_ThatWereDiscarded_AreThereAgain_AsTheyWere()
    {
        fleet.Broker.DiscardAll(BucketNames.DesiredState);

        await Eventually.HoldsAsync(() => fleet.Log.Count("Corrected the bucket desired-state") == 1, "the rule is put right");
        await fleet.NamesAsync("pi-1", "hello");
        (await agent.LookAsync()).ShouldBeOfType<ManifestVerdict.AlreadyHeld>();
    }

    [Fact]
    public async Task Scores_ThatWereDiscarded_AreThereAgain()
    {
        fleet.Broker.DiscardAll(BucketNames.Scores);

        var address = agent.Entries[0].Address.Value;
        await Eventually.HoldsAsync(
            async () => await fleet.Observer.Bucket(BucketNames.Scores).GetAsync(address, TestContext.Current.CancellationToken) is GetOutcome.Found, "the score is there", TimeSpan.FromSeconds(20));
    }
}
