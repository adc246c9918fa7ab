using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Operator.Control.Executors;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>The control loop over SQLite and real nats-servers.</summary>
[Trait("Category", "Integration")]
public sealed class RealControlTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Deployment_FromApplyToDelete_WithARealStoreAndBus(string version)
    {
        await using var fleet = await RealFixture.StartAsync(version);
        var pi = await AgentAsync(fleet, "pi-1");
        await using var live = await fleet.Observer.SubscribeAsync(Subjects.LiveDesired(pi.Id), Token);
        await fleet.ApplyAsync("hello");
        await pi.TakeAsync("hello");
        var republished = await live.ReadAsync(Token).FirstAsync(Token);
        MessageMac.Verify(pi.Keys.Down, 1, MessageKinds.Manifest, pi.Id, republished.Payload.Span, republished.Headers.Mac).ShouldBeTrue();

        await pi.ReportAsync(Phase.Running, keys: ControlledFleet.Master.DeviceKeys(DeviceId.Parse("mallory"), 1));
        await Eventually.HoldsAsync(() => fleet.Log.Count("its MAC is not the device's") > 0, "the wrong MAC is logged");
        await fleet.AggregateAsync("hello", new() { MatchedDeviceCount = 1, Pending = 1 });
        await pi.ReportAsync(Phase.Running);
        await fleet.AggregateAsync("hello", new() { MatchedDeviceCount = 1, Succeeded = 1 });

        await fleet.DeleteAsync("hello");
        await Eventually.HoldsAsync(() => fleet.IsGoneAsync("hello"), "it is gone");
        await pi.TakeAsync();
        pi.Refused.ShouldBeEmpty();
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task JetStream_FolderRemovedWhileRunning_IsRebuiltWithTheSameManifests(string version)
    {
        await using var fleet = await RealFixture.StartAsync(version);
        var pi = await RunningAsync(fleet);
        var before = (await fleet.StoredAsync("pi-1"))!.Value.ToArray();

        await fleet.Server.KillAsync();
        fleet.Server.WipeStore();
        await fleet.Server.RestartAsync();

        await SameAgainAsync(fleet, before);
        (await pi.LookAsync()).ShouldBeOfType<ManifestVerdict.AlreadyHeld>();
        await Eventually.HoldsAsync(
            async () => await fleet.Observer.Bucket(BucketNames.Scores).GetAsync(pi.Entries[0].Address.Value, Token) is GetOutcome.Found, "the score is there again");

        // And it goes on from there.
        await fleet.ApplyAsync("hello", "localhost/hello:2");
        await Eventually.HoldsAsync(async () => await pi.LookAsync() is ManifestVerdict.Accepted, "the next manifest");
    }

    [Theory]
    [InlineData(BucketNames.DesiredState)]
    [InlineData(BucketNames.Scores)]
    public async Task Bucket_DeletedWhileTheLinkStands_IsRebuilt(string bucket)
    {
        await using var fleet = await RealFixture.StartAsync(NatsVersions.Newest);
        var pi = await RunningAsync(fleet);
        var before = (await fleet.StoredAsync("pi-1"))!.Value.ToArray();

        await fleet.DeleteBucketAsync(bucket);
        await Eventually.HoldsAsync(() => fleet.Log.Count($"Created the bucket {bucket}") == 2, "it is made anew");

        await SameAgainAsync(fleet, before);
        await Eventually.HoldsAsync(
            async () => await fleet.Observer.Bucket(BucketNames.Scores).GetAsync(pi.Entries[0].Address.Value, Token) is GetOutcome.Found, "the score is there");
    }

    /// <summary>A limit that somebody sets by hand discards all that there is, and no watch tells of it.</summary>
    [Theory]
    [InlineData(BucketNames.DesiredState)]
    [InlineData(BucketNames.Scores)]
    public async Task Bucket_ThatDiscardedAllByAHandMadeRule_IsFilledAgainAtOnce(string bucket)
    {
        await using var fleet = await RealFixture.StartAsync(NatsVersions.Newest);
        var pi = await RunningAsync(fleet);
        var before = (await fleet.StoredAsync("pi-1"))!.Value.ToArray();

        await fleet.DiscardAllAsync(bucket);
        await Eventually.HoldsAsync(() => fleet.Log.Count($"Corrected the bucket {bucket}") == 1, "its rules are put right");

        await SameAgainAsync(fleet, before);
        await Eventually.HoldsAsync(
            async () => await fleet.Observer.Bucket(BucketNames.Scores).GetAsync(pi.Entries[0].Address.Value, Token) is GetOutcome.Found, "the score is there");
    }

    [Fact]
    public async Task Operator_Restarted_WritesNothingWhereNothingDiffers()
    {
        await using var fleet = await RealFixture.StartAsync(NatsVersions.Newest);
        var pi = await RunningAsync(fleet);
        var before = (await fleet.StoredAsync("pi-1"))!;

        await fleet.EndAsync();
        await fleet.BeginAsync();
        await fleet.ApplyAsync("other", group: "b");
        await Eventually.HoldsAsync(async () => (await fleet.DeploymentAsync("other")).Status is not null, "it works");
        await Task.Delay(500, Token);

        (await fleet.StoredAsync("pi-1"))!.Revision.ShouldBe(before.Revision);
        (await pi.LookAsync()).ShouldBeOfType<ManifestVerdict.AlreadyHeld>();
    }

    [Fact]
    public async Task Operator_RestartedOverAnEmptyJetStream_NobodyRefuses()
    {
        await using var fleet = await RealFixture.StartAsync(NatsVersions.Newest);
        var pi = await RunningAsync(fleet);

        await fleet.EndAsync();
        await fleet.Server.KillAsync();
        fleet.Server.WipeStore();
        await fleet.Server.RestartAsync();
        await fleet.BeginAsync();

        await pi.SayHelloAsync(("group", "a"));
        await pi.ReportAsync(Phase.Running);
        await Eventually.HoldsAsync(async () => await fleet.ManifestAsync("pi-1") is { Entries.Length: 1 }, "the manifest is there again");
        (await pi.LookAsync()).ShouldBeOfType<ManifestVerdict.AlreadyHeld>();
        pi.Refused.ShouldBeEmpty();
        await fleet.AggregateAsync("hello", new() { MatchedDeviceCount = 1, Succeeded = 1 });
    }

    [Fact]
    public async Task Buckets_EnsuredAgain_AreAsTheyWere()
    {
        await using var fleet = await RealFixture.StartAsync(NatsVersions.Newest);
        await RunningAsync(fleet);
        await fleet.EndAsync();
        await fleet.BeginAsync();
        await fleet.ApplyAsync("other", group: "b");
        await Eventually.HoldsAsync(async () => (await fleet.DeploymentAsync("other")).Status is not null, "it works");

        fleet.Log.Count("Created the bucket").ShouldBe(new BucketPlan(null).Buckets.Length);
        fleet.Log.Count("Corrected the bucket").ShouldBe(0);
    }

    private static async Task<FakeAgent> AgentAsync(RealFixture fleet, string name)
    {
        await Eventually.HoldsAsync(() => fleet.Log.Count("Created the bucket scores") == 1, "the buckets are there");
        var agent = new FakeAgent(fleet.Observer, name, ControlledFleet.Master);
        await agent.SayHelloAsync(("group", "a"));
        return agent;
    }

    private static async Task<FakeAgent> RunningAsync(RealFixture fleet)
    {
        var pi = await AgentAsync(fleet, "pi-1");
        await fleet.ApplyAsync("hello");
        await pi.TakeAsync("hello");
        await pi.ReportAsync(Phase.Running);
        await fleet.AggregateAsync("hello", new() { MatchedDeviceCount = 1, Succeeded = 1 });
        return pi;
    }

    private static Task SameAgainAsync(RealFixture fleet, byte[] before) => Eventually.HoldsAsync(
        async () => await fleet.StoredAsync("pi-1") is { } entry && entry.Value.Span.SequenceEqual(before), "the same manifest");
}
