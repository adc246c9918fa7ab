using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Fleet.Tests.Operator.Control;

public sealed class ControlLoopTests : IAsyncLifetime
{
    private ControlFixture fleet = null!;
    private FakeAgent pi = null!;

    public async ValueTask InitializeAsync()
    {
        fleet = await ControlFixture.StartAsync();
        await Eventually.HoldsAsync(() => fleet.Log.Count("Created the bucket scores") == 1, "the buckets are there");
        pi = Agent("pi-1");
    }

    public ValueTask DisposeAsync() => fleet.DisposeAsync();

    /// <summary>What a device knows, its owner sees.</summary>
    [Fact]
    public async Task Device_ThatIsNotWell_HasAConditionThatSaysWhat()
    {
        pi.HealthFlags = ["StateNotWritable", "PodmanUnavailable", "any \n text", "OfALaterVersion"];
        await pi.SayHelloAsync();
        await fleet.ConditionAsync("pi-1", ConditionTypes.Unhealthy, ConditionStatus.True);
        var condition = (await fleet.DeviceAsync("pi-1"))!.Status!.Conditions.Single(condition => condition.Type == ConditionTypes.Unhealthy);
        condition.Reason.ShouldBe("StateNotWritable");
        condition.Message.ShouldBe(
            "The device cannot write its state, so that it takes no new manifest: look at its disk. Podman does not answer: nothing is started or changed there. The device says OfALaterVersion.");

        pi.HealthFlags = [];
        await pi.SayHelloAsync();
        await fleet.ConditionAsync("pi-1", ConditionTypes.Unhealthy, ConditionStatus.False);
    }

    [Fact]
    public async Task Device_SaysHello_BecomesAReachableResourceWithItsProjectedLabels()
    {
        await pi.SayHelloAsync(("group", "a"), ("device-id", "somebody-else"));
        await fleet.ConditionAsync("pi-1", ConditionTypes.Reachable, ConditionStatus.True);
        await fleet.ConditionAsync("pi-1", ConditionTypes.LabelsRejected, ConditionStatus.True);

        var device = (await fleet.DeviceAsync("pi-1"))!;
        device.Metadata.Labels.ShouldBe([new("device-id", "pi-1"), new("group", "a")]);
        device.Spec.Inventory!.Architecture.ShouldBe("arm64");
        device.Status!.ReportedLabels.ShouldBe([new("group", "a")]);
        device.Status.AgentVersion.ShouldBe("0.1.0");
        fleet.Services.GetRequiredService<IDeviceDirectory>().TryGetCommandNonce(pi.Id, out var nonce).ShouldBeTrue();
        nonce.ShouldBe("nonce-of-pi-1");
    }

    [Fact]
    public async Task Device_WithoutDeployments_GetsAnEmptyManifest()
    {
        await pi.SayHelloAsync(("group", "a"));
        await fleet.NamesAsync("pi-1");
        (await fleet.ManifestAsync("pi-1"))!.Generation.ShouldBe(new Generation(1, 1));
    }

    [Fact]
    public async Task Deployment_Applied_IsCarriedOutUpgradedAndDeleted()
    {
        await pi.SayHelloAsync(("group", "a"));
        await fleet.ApplyAsync("hello");
        await pi.TakeAsync("hello");
        await fleet.AggregateAsync("hello", new() { MatchedDeviceCount = 1, Pending = 1 });
        await pi.ReportAsync(Phase.Running);
        await fleet.AggregateAsync("hello", new() { MatchedDeviceCount = 1, Succeeded = 1 });
        await ConvergedAsync("hello", ConditionStatus.True);

        var first = pi.Entries[0].ScoreDigest;
        await fleet.ApplyAsync("hello", "localhost/hello:2");
        await fleet.AggregateAsync("hello", new() { MatchedDeviceCount = 1, Pending = 1 });
        await Eventually.HoldsAsync(async () => await pi.LookAsync() is ManifestVerdict.Accepted, "the next manifest");
        pi.Entries[0].ScoreDigest.ShouldNotBe(first);
        (await ScoreAsync(pi.Entries[0])).PodmanV0!.Containers[0].Image.ShouldBe("localhost/hello:2");
        await pi.ReportAsync(Phase.Running);
        await fleet.AggregateAsync("hello", new() { MatchedDeviceCount = 1, Succeeded = 1 });

        await fleet.DeleteAsync("hello");
        await pi.TakeAsync();
        await Eventually.HoldsAsync(() => fleet.IsGoneAsync("hello"), "the finalizer is released");
        pi.Refused.ShouldBeEmpty();
        fleet.Log.Lines().ShouldContain("Information 2101: acquired Deployment default/hello (generation 1, 1 container, selector group=a)");
    }

    [Fact]
    public async Task Deployment_DeletedWhileItsDeviceIsAway_IsReleased()
    {
        await pi.SayHelloAsync(("group", "a"));
        await fleet.ApplyAsync("hello");
        await fleet.NamesAsync("pi-1", "hello");

        await fleet.DeleteAsync("hello");
        await Eventually.HoldsAsync(() => fleet.IsGoneAsync("hello"), "the finalizer is released");
        (await fleet.ManifestAsync("pi-1"))!.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Deployment_DeletedWhileTheBusIsAway_KeepsItsFinalizerUntilTheManifestsAreStored()
    {
        await pi.SayHelloAsync(("group", "a"));
        await fleet.ApplyAsync("hello");
        await fleet.NamesAsync("pi-1", "hello");
        await Eventually.HoldsAsync(async () => !(await fleet.DeploymentAsync("hello")).Metadata.Finalizers.IsEmpty, "the finalizer is on");

        fleet.Bus.GoDown();
        await fleet.DeleteAsync("hello");
        await Task.Delay(200, Token);
        (await fleet.IsGoneAsync("hello")).ShouldBeFalse();
        fleet.Bus.GoUp();
        await Eventually.HoldsAsync(() => fleet.IsGoneAsync("hello"), "the finalizer is released");
        (await fleet.ManifestAsync("pi-1"))!.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Deployment_Failed_TellsItsError()
    {
        await pi.SayHelloAsync(("group", "a"));
        await fleet.ApplyAsync("hello");
        await pi.TakeAsync("hello");
        await pi.ReportAsync(Phase.Failed, error: "image not found");

        await Eventually.HoldsAsync(async () => (await fleet.DeploymentAsync("hello")).Status?.Aggregate.LastError?.Message == "image not found", "the error is told");
        (await fleet.DeploymentAsync("hello")).Status!.Aggregate.Failed.ShouldBe(1);
        await ConvergedAsync("hello", ConditionStatus.False);
    }

    [Fact]
    public async Task Deployment_Invalid_IsMarkedAndTheRestGoesOn()
    {
        await pi.SayHelloAsync(("group", "a"));
        var bad = ControlledFleet.Sample("bad") with { Spec = new() { TargetSelector = new() { MatchExpressions = [new() { Key = "group", Operator = "Like" }] } } };
        await fleet.Store.CreateAsync(ResourceTypes.Deployments, bad, Token);
        await fleet.ApplyAsync("hello");

        await fleet.NamesAsync("pi-1", "hello");
        await Eventually.HoldsAsync(
            async () => (await fleet.DeploymentAsync("bad")).Status?.Conditions.Of(ConditionTypes.Invalid)?.Message.Contains("not a valid selector operator") == true, "it is marked");
        await fleet.DeleteAsync("bad");
        await Eventually.HoldsAsync(() => fleet.IsGoneAsync("bad"), "the bad one can be deleted");
    }

    [Fact]
    public async Task Deployment_BecomesInvalid_KeepsWhatRuns()
    {
        await pi.SayHelloAsync(("group", "a"));
        var good = await fleet.ApplyAsync("hello");
        await fleet.NamesAsync("pi-1", "hello");

        await fleet.ChangeAsync(ResourceTypes.Deployments, ResourceKey.Of(good.Metadata), present => present with { Spec = new() });

        await Eventually.HoldsAsync(async () => (await fleet.DeploymentAsync("hello")).Status?.Conditions.Of(ConditionTypes.Invalid) is not null, "it is marked");
        (await fleet.ManifestAsync("pi-1"))!.Entries.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Administrator_MovesADevice_ItsManifestFollows()
    {
        await pi.SayHelloAsync(("group", "a"));
        await fleet.ApplyAsync("hello");
        await fleet.NamesAsync("pi-1", "hello");

        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("group", "b");
        await fleet.ChangeAsync(ResourceTypes.Devices, new(null, "pi-1"), device => device with { Spec = device.Spec with { Labels = labels } });

        await fleet.NamesAsync("pi-1");
        await Eventually.HoldsAsync(async () => (await fleet.DeviceAsync("pi-1"))!.Metadata.Labels["group"] == "b", "the projection follows");
        await fleet.AggregateAsync("hello", new());
    }

    [Fact]
    public async Task Message_WithAForeignMac_IsIgnoredAndLogged()
    {
        await pi.SayHelloAsync(("group", "a"));
        await fleet.ApplyAsync("hello");
        await pi.TakeAsync("hello");
        var mallory = ControlledFleet.Master.DeviceKeys(DeviceId.Parse("mallory"), 1);

        await pi.ReportAsync(Phase.Running, keys: mallory);
        await Eventually.HoldsAsync(() => fleet.Log.Count("its MAC is not the device's") > 0, "it is logged");
        (await fleet.DeploymentAsync("hello")).Status?.Aggregate.Succeeded.ShouldBe(0);

        await pi.ReportAsync(Phase.Running);
        await fleet.AggregateAsync("hello", new() { MatchedDeviceCount = 1, Succeeded = 1 });
    }

    [Fact]
    public async Task Message_UnderABadKeyOrMalformed_IsSkippedAndTheRestGoesOn()
    {
        var bucket = fleet.Broker.Connect().Bucket(BucketNames.DeviceInfo);
        for (var count = 0; count < 100; count++)
        {
            await bucket.PutAsync("Not_A_Device", "x"u8.ToArray(), BusHeaders.None, Token);
        }

        var payload = "{\"device\":"u8.ToArray();
        await bucket.PutAsync("pi-1", payload, new(MessageMac.Sign(pi.Keys.Up, 1, MessageKinds.Info, pi.Id, payload)), Token);
        await pi.SayHelloAsync();

        await fleet.NamesAsync("pi-1");
        fleet.Log.Count("the key is no device id").ShouldBeInRange(1, 10);
        (await fleet.DeviceAsync("not-a-device")).ShouldBeNull();
    }

    [Fact]
    public async Task Report_OfAnOlderSequence_IsIgnored()
    {
        await pi.SayHelloAsync(("group", "a"));
        await fleet.ApplyAsync("hello");
        await pi.TakeAsync("hello");
        var old = pi.Report(Phase.Failed, "old", null);
        await pi.ReportAsync(Phase.Running);
        await fleet.AggregateAsync("hello", new() { MatchedDeviceCount = 1, Succeeded = 1 });

        await pi.PutAsync(BucketNames.DeviceState, MessageKinds.Report, ContractsJson.Bus.DeviceReport, old);
        await Task.Delay(200, Token);
        (await fleet.DeploymentAsync("hello")).Status!.Aggregate.Succeeded.ShouldBe(1);
    }

    [Fact]
    public async Task Manifest_WrittenOverBySomebody_IsPutRight()
    {
        await pi.SayHelloAsync(("group", "a"));
        await fleet.ApplyAsync("hello");
        await pi.TakeAsync("hello");
        var before = (await fleet.StoredAsync("pi-1"))!;

        await fleet.Broker.Connect().Bucket(BucketNames.DesiredState).PutAsync("pi-1", "nonsense"u8.ToArray(), BusHeaders.None, Token);

        await Eventually.HoldsAsync(async () => (await fleet.StoredAsync("pi-1"))!.Value.Span.SequenceEqual(before.Value.Span), "the same bytes again");
        (await pi.LookAsync()).ShouldBeOfType<ManifestVerdict.AlreadyHeld>();
    }

    [Fact]
    public async Task Device_HoldsANewerGeneration_IsJumpedPast()
    {
        await pi.SayHelloAsync(("group", "a"));
        await fleet.NamesAsync("pi-1");
        var ahead = new Generation(9, 9);
        await pi.PutAsync(BucketNames.DeviceState, MessageKinds.Report, ContractsJson.Bus.DeviceReport, pi.Report(Phase.Running, null, null) with
        {
            ManifestGeneration = ahead, ManifestDigest = Digest.Of("x"u8),
        });

        await Eventually.HoldsAsync(async () => (await fleet.ManifestAsync("pi-1"))!.Generation == new Generation(9, 10), "a generation that it takes");
    }

    [Fact]
    public async Task Device_ClaimsAGenerationOutOfBounds_GetsACondition()
    {
        await pi.SayHelloAsync(("group", "a"));
        await fleet.NamesAsync("pi-1");
        var ahead = new Generation(WireLimits.MaxGenerationPart, 1);
        await pi.PutAsync(BucketNames.DeviceState, MessageKinds.Report, ContractsJson.Bus.DeviceReport, pi.Report(Phase.Running, null, null) with
        {
            ManifestGeneration = ahead, ManifestDigest = Digest.Of("x"u8),
        });

        await fleet.ConditionAsync("pi-1", ConditionTypes.ManifestRefused, ConditionStatus.True);
        (await fleet.DeviceAsync("pi-1"))!.Status!.Conditions.Of(ConditionTypes.ManifestRefused)!.Reason.ShouldBe("OutOfBounds");
    }

    [Fact]
    public async Task Device_Refuses_GetsAConditionUntilItTakesOne()
    {
        await pi.SayHelloAsync(("group", "a"));
        await fleet.NamesAsync("pi-1");
        await pi.ReportAsync(Phase.Running, refusal: new() { Reason = RefusalReason.TooNew, Message = "too new" });
        await fleet.ConditionAsync("pi-1", ConditionTypes.ManifestRefused, ConditionStatus.True);

        await pi.LookAsync();
        await pi.ReportAsync(Phase.Running);
        await fleet.ConditionAsync("pi-1", ConditionTypes.ManifestRefused, ConditionStatus.False);
    }

    [Fact]
    public async Task Device_TwoInstancesTakeTurns_HasADuplicate()
    {
        await pi.SayHelloAsync(("group", "a"));
        await fleet.ConditionAsync("pi-1", ConditionTypes.Reachable, ConditionStatus.True);
        foreach (var instance in new[] { "one", "two", "one" })
        {
            await pi.BeatAsync(instance);
        }

        await fleet.ConditionAsync("pi-1", ConditionTypes.DuplicateIdentity, ConditionStatus.True);
    }

    [Fact]
    public async Task Device_Deleted_LeavesNothingOnTheBusAndComesBackOnlyByItself()
    {
        await pi.SayHelloAsync(("group", "a"));
        await fleet.NamesAsync("pi-1");
        await fleet.Store.DeleteAsync(ResourceTypes.Devices, new ResourceKey(null, "pi-1"), DeletePreconditions.None, Token);

        var bus = fleet.Broker.Connect();
        await Eventually.HoldsAsync(async () => await bus.Bucket(BucketNames.DeviceInfo).GetAsync("pi-1", Token) is GetOutcome.Missing, "its info is gone");
        await Eventually.HoldsAsync(async () => await fleet.StoredAsync("pi-1") is null, "its manifest is gone");
        await Eventually.HoldsAsync(() => fleet.Log.Count("Device pi-1 is gone") == 1, "then it goes itself");
        (await fleet.DeviceAsync("pi-1")).ShouldBeNull();

        await pi.SayHelloAsync(("group", "a"));
        await fleet.NamesAsync("pi-1");
        await fleet.ConditionAsync("pi-1", ConditionTypes.Reachable, ConditionStatus.True);
    }

    /// <summary>A list may be older than the answer to a write.</summary>
    [Fact]
    public async Task Device_MadeWhileAllAreListed_KeepsWhatItPut()
    {
        await fleet.EndAsync();
        await fleet.BeginAsync(ControlledFleet.Quick with { ResyncInterval = TimeSpan.FromMilliseconds(300) });
        await Eventually.HoldsAsync(() => fleet.Log.Count("term 2") == 1, "it begins");
        await Task.Delay(200, Token);
        var (lists, reached, release) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        fleet.BeforeListAnswer = async plural =>
        {
            if (plural == ResourceTypes.Devices.Plural && Interlocked.Increment(ref lists) == 1)
            {
                reached.SetResult();
                await release.Task;
            }
        };
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);

        await pi.SayHelloAsync(("group", "a"));
        await fleet.NamesAsync("pi-1");
        release.SetResult();
        await Eventually.HoldsAsync(() => Volatile.Read(ref lists) >= 3, "it was listed again");

        fleet.Log.Count("Device pi-1 is gone").ShouldBe(0);
        (await fleet.StoredAsync("pi-1")).ShouldNotBeNull();
        (await fleet.Observer.Bucket(BucketNames.DeviceInfo).GetAsync("pi-1", Token)).ShouldBeOfType<GetOutcome.Found>();
        fleet.Services.GetRequiredService<IDeviceDirectory>().TryGetCommandNonce(pi.Id, out _).ShouldBeTrue();

        await fleet.Store.DeleteAsync(ResourceTypes.Devices, new ResourceKey(null, "pi-1"), DeletePreconditions.None, Token);
        await Eventually.HoldsAsync(async () => await fleet.StoredAsync("pi-1") is null, "one that is gone still leaves nothing");
    }

    [Fact]
    public async Task Nothing_Changes_NothingIsWritten()
    {
        await pi.SayHelloAsync(("group", "a"));
        await fleet.ApplyAsync("hello");
        await pi.TakeAsync("hello");
        await pi.ReportAsync(Phase.Failed, "once");
        await Eventually.HoldsAsync(async () => (await fleet.DeploymentAsync("hello")).Status?.Aggregate.Failed == 1, "it is told");
        await Task.Delay(300, Token);
        var (deployment, device, writes) = (await fleet.DeploymentAsync("hello"), await fleet.DeviceAsync("pi-1"), Writes());

        await pi.ReportAsync(Phase.Failed, "once");
        await pi.BeatAsync();
        await Task.Delay(300, Token);

        (await fleet.DeploymentAsync("hello")).Metadata.Generation.ShouldBe(deployment.Metadata.Generation);
        (await fleet.DeviceAsync("pi-1"))!.Metadata.ResourceVersion.ShouldBe(device!.Metadata.ResourceVersion);
        Writes().ShouldBe(writes);

        ulong Writes() => fleet.Broker.WritesOf(BucketNames.DesiredState) + fleet.Broker.WritesOf(BucketNames.Scores);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private FakeAgent Agent(string name) => new(fleet.Broker.Connect(), name, ControlledFleet.Master);

    private async Task<ReconcileScore> ScoreAsync(ManifestEntry entry)
    {
        var found = (await fleet.Broker.Connect().Bucket(BucketNames.Scores).GetAsync(entry.Address.Value, Token)).ShouldBeOfType<GetOutcome.Found>();
        var plain = ScoreSealer.Open(entry, found.Entry.Value.Span).ShouldBeOfType<UnsealOutcome.Opened>().Plain;
        return CanonicalScore.Parse(plain).ShouldBeOfType<ScoreParseOutcome.Parsed>().Score;
    }

    private Task ConvergedAsync(string name, ConditionStatus status) => Eventually.HoldsAsync(
        async () => (await fleet.DeploymentAsync(name)).Status?.Conditions.Of(ConditionTypes.Converged)?.Status == status, $"{name}: Converged {status}");
}
