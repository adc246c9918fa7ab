using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Operator.Control.Executors;
using Harmony.Fleet.Operator.Readiness;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>What the operator does after something was lost. P1: no agent here ever refuses a manifest as older.</summary>
public sealed class RecoveryTests : IAsyncLifetime
{
    private static readonly ControlOptions Quick = new()
    {
        FlushInterval = TimeSpan.FromMilliseconds(30),
        Tick = TimeSpan.FromMilliseconds(10),
        BackOff = new BackOff(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(100)),
        BucketInterval = TimeSpan.FromMilliseconds(100),
        ScoreInterval = TimeSpan.FromMilliseconds(50),
        ScoreGrace = TimeSpan.FromMilliseconds(400),
        Reachability = new ReachabilityOptions { Interval = TimeSpan.FromMilliseconds(300) },
    };

    private ControlFixture fleet = null!;
    private FakeAgent[] agents = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        fleet = await ControlFixture.StartAsync(Quick);
        await Eventually.HoldsAsync(() => fleet.Log.Count("Created the bucket scores") == 1, "the buckets are there");
        agents = [.. Enumerable.Range(1, 5).Select(number => new FakeAgent(fleet.Broker.Connect(), $"pi-{number}", ControlledFleet.Master))];
        foreach (var agent in agents)
        {
            await agent.SayHelloAsync(("group", "a"));
        }

        await fleet.ApplyAsync("hello");
        await fleet.ApplyAsync("world", "localhost/world:1");
        foreach (var agent in agents)
        {
            await agent.TakeAsync("hello", "world");
            await agent.ReportAsync(Phase.Running);
        }
    }

    public ValueTask DisposeAsync() => fleet.DisposeAsync();

    /// <summary>Seen: the store's file was removed, and an operator with an empty one took every container of the fleet away.</summary>
    [Fact]
    public async Task Store_Emptied_NoManifestLosesWhatItNamesUntilSomebodyDecides()
    {
        var writes = fleet.Broker.WritesOf(BucketNames.DesiredState);
        await fleet.EndAsync();
        fleet.EmptyStore();
        await fleet.BeginAsync(Quick);

        await Eventually.HoldsAsync(async () => (await fleet.Store.ListAsync(ResourceTypes.Devices, new(), Token) as ListOutcome<Device>.Ok)?.List.Items.Length == agents.Length, "the devices are there again");
        await Eventually.HoldsAsync(() => fleet.Log.Count("IntentLost: Deployment default/hello") == 1 && fleet.Log.Count("IntentLost: Deployment default/world") == 1, "it is told");
        foreach (var agent in agents)
        {
            await agent.SayHelloAsync(("group", "a"));
            await agent.ReportAsync(Phase.Running);
        }

        await Task.Delay(300, Token);
        foreach (var agent in agents)
        {
            await agent.TakeAsync("hello", "world");
        }

        // At the most each was stored again under a newer generation: none was ever without what it names.
        fleet.Broker.WritesOf(BucketNames.DesiredState).ShouldBeInRange(writes, writes + (ulong)agents.Length);
        fleet.Services.GetServices<IReadinessCheck>().Single(check => check.Name == "intent").Missing().ShouldNotBeNull().ShouldContain("default/hello, default/world");

        // What is applied again is carried out as it is now; what is not stays.
        await fleet.ApplyAsync("hello", "localhost/hello:2");
        await Eventually.HoldsAsync(
            () => fleet.Services.GetServices<IReadinessCheck>().Single(check => check.Name == "intent").Missing() is { } left && !left.Contains("default/hello", StringComparison.Ordinal), "hello is judged again");
        await fleet.NamesAsync("pi-1", "hello", "world");
    }

    [Fact]
    public async Task JetStream_LostWhileRunning_IsRebuiltWithTheSameManifests()
    {
        var before = await StoredAsync();
        fleet.Bus.GoDown();
        LoseAll();
        fleet.Bus.GoUp();

        await SameAgainAsync(before);
        await NobodyMovesAsync();
    }

    [Theory]
    [InlineData(BucketNames.DesiredState)]
    [InlineData(BucketNames.Scores)]
    [InlineData(BucketNames.DeviceState)]
    public async Task Bucket_DeletedWhileTheLinkStands_IsRebuilt(string bucket)
    {
        var before = await StoredAsync();
        var scores = agents[0].Entries.Select(entry => entry.Address.Value).ToArray();
        fleet.Broker.LoseBucket(bucket);

        await SameAgainAsync(before);
        await Eventually.HoldsAsync(
            async () => (await Task.WhenAll(scores.Select(async score => await fleet.Broker.Connect().Bucket(BucketNames.Scores).GetAsync(score, Token) is GetOutcome.Found))).All(found => found),
            "the scores are there");
        await NobodyMovesAsync();
    }

    [Fact]
    public async Task Operator_Restarts_WritesNoManifest()
    {
        var (writes, before) = (fleet.Broker.WritesOf(BucketNames.DesiredState), await StoredAsync());
        await fleet.EndAsync();
        await fleet.BeginAsync(Quick);
        await Eventually.HoldsAsync(() => fleet.Log.Count("term 2") == 1, "it begins a new term");

        await fleet.ApplyAsync("third", group: "b");
        await Eventually.HoldsAsync(async () => (await fleet.DeploymentAsync("third")).Status is not null, "it works");
        await Task.Delay(300, Token);
        fleet.Broker.WritesOf(BucketNames.DesiredState).ShouldBe(writes);
        await SameAgainAsync(before);
    }

    [Fact]
    public async Task Operator_RestartsWithOtherIntent_GoesOnInTheNewTerm()
    {
        await fleet.EndAsync();
        await fleet.ApplyAsync("hello", "localhost/hello:2");
        await fleet.BeginAsync(Quick);

        await Eventually.HoldsAsync(async () => (await fleet.ManifestAsync("pi-1"))!.Generation == new Generation(2, 1), "the new term");
        await NobodyMovesAsync(isNewExpected: true);
    }

    /// <summary>As when an operator of a stricter version takes over.</summary>
    [Fact]
    public async Task Deployment_InvalidByTheRulesOfTheNextOperator_StaysInTheManifests()
    {
        var score = ControlledFleet.Sample("hello").Spec.Score.PodmanV0!;
        await SpoilAsync(spec => spec with { Score = new() { PodmanV0 = score with { Containers = [score.Containers[0] with { Name = "No Label" }] } } });
        await ThirdAsync();
        (await fleet.ManifestAsync("pi-1"))!.Entries.ShouldContain(entry => entry.Name.Value == "hello");
    }

    /// <summary>As when the next operator is an older one, which does not know what a newer one took on.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deployment_OfNoUseToTheNextOperator_StaysAsItIs(bool isSelector)
    {
        var before = (await fleet.ManifestAsync("pi-1"))!.Entries.Single(entry => entry.Name.Value == "hello");
        await SpoilAsync(spec => isSelector
            ? spec with { TargetSelector = new() { MatchExpressions = [new() { Key = "group", Operator = "Like" }] } }
            : spec with { Score = new() });
        await ThirdAsync();
        await Task.Delay(700, Token); // Longer than unnamed scores stay.
        (await fleet.ManifestAsync("pi-1"))!.Entries.Where(entry => entry.Uid == before.Uid).ShouldHaveSingleItem().Address.ShouldBe(before.Address);
        (await fleet.Broker.Connect().Bucket(BucketNames.Scores).GetAsync(before.Address.Value, Token)).ShouldBeOfType<GetOutcome.Found>();

        await fleet.ApplyAsync("hello", group: "elsewhere");
        await Eventually.HoldsAsync(async () => (await fleet.ManifestAsync("pi-1"))!.Entries.All(entry => entry.Name.Value != "hello"), "it is of use again, and moves");
    }

    [Fact]
    public async Task Deployment_OfNoUseToTheNextOperator_CanBeDeleted()
    {
        await SpoilAsync(spec => spec with { Score = new() });
        await fleet.DeleteAsync("hello");
        await Eventually.HoldsAsync(() => fleet.IsGoneAsync("hello"), "it is released");
        foreach (var agent in agents)
        {
            (await fleet.ManifestAsync(agent.Id.Value))!.Entries.ShouldHaveSingleItem().Name.Value.ShouldBe("world");
        }
    }

    [Fact]
    public async Task JetStream_LostAndOperatorRestarted_NobodyRefuses()
    {
        await fleet.EndAsync();
        LoseAll();
        await fleet.BeginAsync(Quick);
        foreach (var agent in agents)
        {
            await agent.SayHelloAsync(("group", "a"));
            await agent.ReportAsync(Phase.Running);
        }

        await Eventually.HoldsAsync(async () => (await StoredAsync()).All(entry => entry is not null), "the manifests are there again");

        await NobodyMovesAsync(isNewExpected: true);
        await fleet.AggregateAsync("hello", new() { MatchedDeviceCount = 5, Succeeded = 5 });
    }

    [Fact]
    public async Task Bucket_RestoredFromAnOlderCopy_GetsTheNewestAgain()
    {
        var older = await StoredAsync();
        await fleet.ApplyAsync("hello", "localhost/hello:2");
        foreach (var agent in agents)
        {
            await Eventually.HoldsAsync(async () => await agent.LookAsync() is ManifestVerdict.Accepted, "the newer one");
        }

        var newest = await StoredAsync();
        var bucket = fleet.Broker.Connect().Bucket(BucketNames.DesiredState);
        foreach (var entry in older)
        {
            await bucket.PutAsync(entry!.Key, entry.Value, entry.Headers, Token);
        }

        await SameAgainAsync(newest);
        await NobodyMovesAsync();
    }

    [Fact]
    public async Task Deployment_DeletedWhileTheOperatorWasAway_LeavesTheManifestsAndIsReleased()
    {
        await Eventually.HoldsAsync(async () => !(await fleet.DeploymentAsync("hello")).Metadata.Finalizers.IsEmpty, "the finalizer is on");
        await fleet.EndAsync();
        await fleet.DeleteAsync("hello");
        await fleet.BeginAsync(Quick);

        await Eventually.HoldsAsync(() => fleet.IsGoneAsync("hello"), "it is released");
        foreach (var agent in agents)
        {
            (await fleet.ManifestAsync(agent.Id.Value))!.Entries.ShouldHaveSingleItem().Name.Value.ShouldBe("world");
        }
    }

    [Fact]
    public async Task Deployment_BeingDeletedWhenTheOperatorBeginsWithoutTheBus_KeepsItsFinalizerUntilTheManifestsAreStored()
    {
        await Eventually.HoldsAsync(async () => !(await fleet.DeploymentAsync("hello")).Metadata.Finalizers.IsEmpty, "the finalizer is on");
        await fleet.EndAsync();
        await fleet.DeleteAsync("hello");

        // The deployments come first, when no device is known yet.
        fleet.IsBusDownAtTheStart = true;
        fleet.BeforeListAnswer = async plural => await (plural == ResourceTypes.Devices.Plural ? Task.Delay(300, Token) : Task.CompletedTask);
        await fleet.BeginAsync(Quick);
        await Task.Delay(1000, Token);
        (await fleet.IsGoneAsync("hello")).ShouldBeFalse();

        fleet.Bus.GoUp();
        await Eventually.HoldsAsync(() => fleet.IsGoneAsync("hello"), "it is released");
        foreach (var agent in agents)
        {
            (await fleet.ManifestAsync(agent.Id.Value))!.Entries.ShouldHaveSingleItem().Name.Value.ShouldBe("world");
        }
    }

    [Fact]
    public async Task Store_AwayAtTheStart_NothingIsTakenFromAnyDevice()
    {
        await fleet.EndAsync();
        var before = await StoredAsync();
        fleet.StoreOutage = "away for the test";
        await fleet.BeginAsync(Quick);
        await Task.Delay(700, Token);
        await SameAgainAsync(before);
        var score = agents[0].Entries[0].Address.Value;
        (await fleet.Broker.Connect().Bucket(BucketNames.Scores).GetAsync(score, Token)).ShouldBeOfType<GetOutcome.Found>();

        fleet.StoreOutage = null;
        await fleet.ApplyAsync("third");
        await fleet.NamesAsync("pi-1", "hello", "third", "world");
    }

    /// <summary>Nobody tells the operator, and no device misses it: those that need it hold it.</summary>
    [Fact]
    public async Task Score_TakenFromTheBucket_IsPutAgain_AndNoOtherIsWritten()
    {
        var scores = fleet.Broker.Connect().Bucket(BucketNames.Scores);
        var (taken, other) = (agents[0].Entries[0].Address.Value, agents[0].Entries[1].Address.Value);
        var before = (await scores.GetAsync(other, Token)).ShouldBeOfType<GetOutcome.Found>().Entry;
        (await scores.RemoveAsync(taken, Token)).ShouldBeOfType<PutOutcome.Stored>();

        await Eventually.HoldsAsync(async () => await scores.GetAsync(taken, Token) is GetOutcome.Found, "it is put again");
        (await scores.GetAsync(other, Token)).ShouldBeOfType<GetOutcome.Found>().Entry.Revision.ShouldBe(before.Revision);
    }

    [Fact]
    public async Task Score_ThatNothingNames_IsSweptAfterItsTimeAndNoOther()
    {
        var old = agents[0].Entries[0].Address.Value;
        var kept = agents[0].Entries[1].Address.Value;
        await fleet.ApplyAsync("hello", "localhost/hello:2");
        await agents[0].TakeAsync("hello", "world");

        var scores = fleet.Broker.Connect().Bucket(BucketNames.Scores);
        await Eventually.HoldsAsync(async () => await scores.GetAsync(old, Token) is GetOutcome.Missing, "the old score is swept");
        (await scores.GetAsync(kept, Token)).ShouldBeOfType<GetOutcome.Found>();
        await Eventually.HoldsAsync(async () => await agents[0].LookAsync() is not null && await scores.GetAsync(agents[0].Entries[0].Address.Value, Token) is GetOutcome.Found, "the new score stays");

        // And comes back when it is named again.
        await fleet.ApplyAsync("hello");
        await Eventually.HoldsAsync(async () => await scores.GetAsync(old, Token) is GetOutcome.Found, "the old score is there again");
    }

    [Fact]
    public async Task Device_FallsSilent_IsUnreachableUntilItSpeaks()
    {
        await fleet.ConditionAsync("pi-1", ConditionTypes.Reachable, ConditionStatus.False);
        await fleet.AggregateAsync("hello", new() { MatchedDeviceCount = 5, Unreachable = 5 });
        await agents[0].BeatAsync();
        await fleet.ConditionAsync("pi-1", ConditionTypes.Reachable, ConditionStatus.True);
        fleet.Log.Count("Device pi-1 is unreachable").ShouldBe(1);
    }

    [Fact]
    public async Task Link_Down_NobodyTurnsUnreachable()
    {
        foreach (var agent in agents)
        {
            await fleet.ConditionAsync(agent.Id.Value, ConditionTypes.Reachable, ConditionStatus.True);
        }

        fleet.Bus.GoDown();
        var before = fleet.Log.Count("is unreachable");
        await Task.Delay(1500, Token);
        fleet.Log.Count("is unreachable").ShouldBe(before);
    }

    private void LoseAll()
    {
        foreach (var bucket in new BucketPlan(null).Buckets)
        {
            fleet.Broker.LoseBucket(bucket.Name);
        }
    }

    private Task<BucketEntry?[]> StoredAsync() => Task.WhenAll(agents.Select(agent => fleet.StoredAsync(agent.Id.Value)));

    private Task SameAgainAsync(BucketEntry?[] before) => Eventually.HoldsAsync(
        async () => (await StoredAsync()).Zip(before).All(pair =>
            pair.First is { } now && now.Value.Span.SequenceEqual(pair.Second!.Value.Span) && now.Headers == pair.Second.Headers),
        "the same manifests");

    /// <summary>Each agent looks at its manifest: it takes it or holds it already, and never refuses.</summary>
    private async Task SpoilAsync(Func<DeploymentSpec, DeploymentSpec> spoil)
    {
        await Eventually.HoldsAsync(async () => !(await fleet.DeploymentAsync("hello")).Metadata.Finalizers.IsEmpty, "the finalizer is on");
        await fleet.EndAsync();
        var hello = await fleet.DeploymentAsync("hello");
        await fleet.ChangeAsync(ResourceTypes.Deployments, ResourceKey.Of(hello.Metadata), present => present with { Spec = spoil(present.Spec) });
        await fleet.BeginAsync(Quick);
        await Eventually.HoldsAsync(
            async () => (await fleet.DeploymentAsync("hello")).Status?.Conditions.Any(condition => condition.Type == ConditionTypes.Invalid) == true, "it is marked");
    }

    /// <summary>Something else changes the manifests.</summary>
    private async Task ThirdAsync()
    {
        await fleet.ApplyAsync("third", group: "a");
        await Eventually.HoldsAsync(async () => (await fleet.ManifestAsync("pi-1"))!.Entries.Any(entry => entry.Name.Value == "third"), "the next manifest");
    }

    private async Task NobodyMovesAsync(bool isNewExpected = false)
    {
        foreach (var agent in agents)
        {
            var verdict = await agent.LookAsync();
            verdict.ShouldNotBeNull();
            (verdict is ManifestVerdict.AlreadyHeld || (isNewExpected && verdict is ManifestVerdict.Accepted)).ShouldBeTrue(verdict.ToString());
            agent.Entries.Select(entry => entry.Name.Value).ShouldBe(["hello", "world"]);
            agent.Refused.ShouldBeEmpty();
        }
    }
}
