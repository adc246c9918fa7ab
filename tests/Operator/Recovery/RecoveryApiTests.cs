using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Operator.Control.Loop;
using Harmony.Fleet.Operator.Readiness;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Operator.Api;
using Harmony.Fleet.Tests.Operator.Control;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Fleet.Tests.Operator.Recovery;

/// <summary>A store was emptied under a fleet that runs: what is shown, taken back, and given up.</summary>
public sealed class RecoveryApiTests : IAsyncLifetime
{
    private static readonly Harmony.Fleet.Operator.Control.ControlOptions Quick = ControlledFleet.Quick with
    {
        IntentInterval = TimeSpan.FromMilliseconds(100),
        Reachability = new ReachabilityOptions { Interval = TimeSpan.FromMilliseconds(300) },
    };

    private ControlFixture fleet = null!;
    private OperatorUnderTest api = null!;
    private FakeAgent[] agents = [];

    public async ValueTask InitializeAsync()
    {
        fleet = await ControlFixture.StartAsync(Quick);
        await Eventually.HoldsAsync(() => fleet.Log.Count("Created the bucket scores") == 1, "the buckets are there");
        agents = [.. Enumerable.Range(1, 3).Select(number => new FakeAgent(fleet.Broker.Connect(), $"pi-{number}", ControlledFleet.Master))];
        await HelloAsync();
        await fleet.ApplyAsync("hello");
        await fleet.ApplyAsync("world", "localhost/world:1");
        foreach (var agent in agents)
        {
            await agent.TakeAsync("hello", "world");
        }

        await fleet.EndAsync();
        fleet.EmptyStore();
        await BeginAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await api.DisposeAsync();
        await fleet.DisposeAsync();
    }

    [Fact]
    public async Task List_SaysWhatWasLost_WithItsUidAndDevices()
    {
        var (code, body) = await api.SendAsync(HttpMethod.Get, "/api/v1/recovery");

        code.ShouldBe(200);
        var hello = body.GetProperty("items").EnumerateArray().First();
        (hello.GetProperty("namespace").GetString(), hello.GetProperty("name").GetString()).ShouldBe(("default", "hello"));
        hello.GetProperty("uids")[0].GetString().ShouldBe(agents[0].Entries[0].Uid);
        hello.GetProperty("devices").EnumerateArray().Select(device => device.GetString()).ShouldBe(["pi-1", "pi-2", "pi-3"]);
        hello.GetProperty("scoreDigests").GetArrayLength().ShouldBe(1);
        hello.GetProperty("since").GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5)); // The operator's own clock is this one.
    }

    /// <summary>The containers of a device are known by uid, digest and address: where all three stay, none is touched.</summary>
    [Fact]
    public async Task Adopted_StandsInTheStore_AndEveryManifestSaysWhatItSaid()
    {
        var before = agents.Select(agent => agent.Entries).ToArray();

        var (code, body) = await PostAsync("adopt", """{"items": [{"namespace": "default", "name": "hello"}, {"namespace": "default", "name": "world"}]}""");

        code.ShouldBe(200);
        body.GetProperty("items").EnumerateArray().ShouldAllBe(item => item.GetProperty("done").GetBoolean());
        await Eventually.HoldsAsync(() => Intent() is null, "nothing is lost any more");
        var hello = await fleet.DeploymentAsync("hello");
        hello.Metadata.Uid.ShouldBe(before[0][0].Uid);
        hello.Metadata.Finalizers.ShouldBe([ApiGroup.ManifestFinalizer]);
        hello.Spec.TargetSelector!.MatchExpressions!.Value.ShouldHaveSingleItem().Values!.Value.ShouldBe(["pi-1", "pi-2", "pi-3"]);
        hello.Spec.Score.PodmanV0!.Containers[0].Image.ShouldBe("localhost/hello:1");

        await Task.Delay(300, TestContext.Current.CancellationToken);
        await HelloAsync();
        foreach (var (agent, entries) in agents.Zip(before))
        {
            await agent.TakeAsync("hello", "world");
            agent.Entries.Select(Identity).ShouldBe(entries.Select(Identity));
            agent.Refused.ShouldBeEmpty();
        }

        await fleet.DeleteAsync("hello");
        await Eventually.HoldsAsync(() => fleet.IsGoneAsync("hello"), "it is a deployment as any other");
        await fleet.NamesAsync("pi-1", "world");
    }

    [Fact]
    public async Task Dropped_LeavesTheManifests_AndOnlyThatOne()
    {
        var uid = agents[0].Entries[0].Uid;

        var (code, body) = await PostAsync("drop", $$"""{"items": [{"namespace": "default", "name": "hello", "uids": ["{{uid}}"]}]}""");

        (code, body.GetProperty("items")[0].GetProperty("done").GetBoolean()).ShouldBe((200, true), body.ToString());
        foreach (var agent in agents)
        {
            await fleet.NamesAsync(agent.Id.Value, "world");
        }

        Intent().ShouldNotBeNull().ShouldNotContain("default/hello");
    }

    /// <summary>Seen: a device said another's uid under an invented name, and what was dropped by that name was removed from the whole fleet.</summary>
    [Fact]
    public async Task UidOfAnother_UnderAnInventedName_IsNotShown_AndNotDropped()
    {
        var uid = agents[0].Entries[0].Uid;
        await agents[1].ClaimAsync(("zzz", uid), ("yyy", "uid-yyy"));
        await Eventually.HoldsAsync(async () => (await ItemsAsync()).Any(item => item.GetProperty("name").GetString() == "yyy"), "the claim was heard");

        (await ItemsAsync()).Select(item => (item.GetProperty("name").GetString(), item.GetProperty("knownBy").GetString()))
            .ShouldBe([("hello", "manifest"), ("world", "manifest"), ("yyy", "device")]);
        var (_, body) = await PostAsync("drop", $$"""{"items": [{"namespace": "default", "name": "zzz", "uids": ["{{uid}}"]}]}""");

        body.GetProperty("items")[0].GetProperty("done").GetBoolean().ShouldBeFalse(body.ToString());
        await Task.Delay(300, TestContext.Current.CancellationToken);
        await fleet.NamesAsync("pi-1", "hello", "world");
        Intent().ShouldNotBeNull().ShouldContain("default/hello, default/world");
    }

    /// <summary>What one device alone says is told of that device: it makes no loss of the fleet, and can be dropped.</summary>
    [Fact]
    public async Task WhatOneDeviceAloneSays_IsNoLossOfTheFleet()
    {
        await PostAsync("adopt", """{"items": [{"namespace": "default", "name": "hello"}, {"namespace": "default", "name": "world"}]}""");
        await agents[1].ClaimAsync(("zzz", "uid-zzz"));
        await Eventually.HoldsAsync(async () => (await ItemsAsync()).Select(item => item.GetProperty("name").GetString()).SequenceEqual(["zzz"]), "the claim was heard");

        await Eventually.HoldsAsync(() => Intent() is null, "it is no loss of the fleet");
        fleet.Services.GetRequiredService<EngineView>().LostCount.ShouldBe(0);
        await Eventually.HoldsAsync(async () => (await api.SendAsync(HttpMethod.Get, "/api/v1/status")).Body.GetProperty("unknownDeployments").GetInt32() == 1, "it is counted");
        var (code, ready) = await api.SendAsync(HttpMethod.Get, "/readyz");
        (code, ready.GetProperty("ready").GetBoolean(), ready.GetProperty("unknownDeployments").GetInt32()).ShouldBe((200, true, 1), "no device takes the fleet's readiness");

        var (_, body) = await PostAsync("drop", """{"items": [{"namespace": "default", "name": "zzz", "uids": ["uid-zzz"]}]}""");
        body.GetProperty("items")[0].GetProperty("done").GetBoolean().ShouldBeTrue(body.ToString());
        await Eventually.HoldsAsync(async () => (await ItemsAsync()).Length == 0, "it is not held any more");
        await fleet.NamesAsync("pi-2", "hello", "world");
    }

    /// <summary>A device may invent what it likes: it went along with what was lost.</summary>
    [Theory]
    [InlineData("drop", """{"knownBy": "manifest"}""")]
    [InlineData("drop", """{"knownBy": "manifest", "items": [{"namespace": "default", "name": "zzz", "uids": ["uid-zzz"]}, {"namespace": "default", "name": "hello", "uids": ["UID"]}]}""")]
    [InlineData("adopt", """{"knownBy": "manifest"}""")]
    public async Task WhatDevicesAloneSay_IsLeft_WhereOnlyWhatManifestsNameIsMeant(string what, string request)
    {
        var uid = agents[0].Entries.Single(entry => entry.Name.Value == "hello").Uid;
        await agents[1].ClaimAsync(("zzz", "uid-zzz"));
        await Eventually.HoldsAsync(async () => (await ItemsAsync()).Any(item => item.GetProperty("name").GetString() == "zzz"), "the claim was heard");

        var (code, body) = await PostAsync(what, request.Replace("UID", uid, StringComparison.Ordinal));

        code.ShouldBe(200);
        var results = body.GetProperty("items").EnumerateArray().ToDictionary(item => item.GetProperty("name").GetString()!);
        results["hello"].GetProperty("done").GetBoolean().ShouldBeTrue(body.ToString());
        results["zzz"].GetProperty("done").GetBoolean().ShouldBeFalse(body.ToString());
        results["zzz"].GetProperty("message").GetString().ShouldBe("devices alone say that they run it, and may have invented it: name it to decide about it");
        (await ItemsAsync()).Select(item => item.GetProperty("name").GetString()).ShouldContain("zzz");
    }

    /// <summary>The operator is killed between the decision and the rest: what the store holds is enough.</summary>
    [Fact]
    public async Task Dropped_WhileNoEngineRuns_IsCarriedOutByTheNext()
    {
        await fleet.EndAsync();
        var uid = agents[0].Entries[0].Uid;
        (await PostAsync("drop", $$"""{"items": [{"namespace": "default", "name": "hello", "uids": ["{{uid}}"]}]}""")).Code.ShouldBe(200);

        await fleet.BeginAsync(Quick);

        foreach (var agent in agents)
        {
            await fleet.NamesAsync(agent.Id.Value, "world");
        }
    }

    [Theory]
    [InlineData("adopt", """{"items": [{"namespace": "default", "name": "hello"}], "selector": "group=b"}""", "the selector group=b does not match pi-1, pi-2, pi-3, where its containers would be removed")]
    [InlineData("adopt", """{"items": [{"namespace": "default", "name": "other"}]}""", "it is not lost")]
    [InlineData("drop", """{"items": [{"namespace": "default", "name": "hello", "uids": ["of-another"]}]}""", "see what is left")]
    public async Task WhatWouldMoveContainers_IsRefused(string what, string request, string reason)
    {
        var (code, body) = await PostAsync(what, request);

        code.ShouldBe(200);
        body.GetProperty("items")[0].GetProperty("done").GetBoolean().ShouldBeFalse();
        body.GetProperty("items")[0].GetProperty("message").GetString()!.ShouldContain(reason);
        (await fleet.IsGoneAsync("hello")).ShouldBeTrue();
        await fleet.NamesAsync("pi-1", "hello", "world");
    }

    [Fact]
    public async Task Adopt_WithASelectorThatMatchesAllThatHaveIt_TakesThat()
    {
        await PostAsync("adopt", """{"items": [{"namespace": "default", "name": "hello"}], "selector": "group=a"}""");

        (await fleet.DeploymentAsync("hello")).Spec.TargetSelector!.MatchExpressions!.Value.ShouldHaveSingleItem().Key.ShouldBe("group");
        await fleet.NamesAsync("pi-1", "hello", "world");
    }

    [Theory]
    [InlineData("adopt", "{}")]
    [InlineData("adopt", """{"items": [null]}""")]
    [InlineData("adopt", """{"items": [{"namespace": "default", "name": "hello"}], "selector": ""}""")]
    [InlineData("drop", """{"items": [{"namespace": "default", "name": "hello"}]}""")]
    [InlineData("drop", "")]
    [InlineData("drop", """{"items": []}""")]
    [InlineData("drop", """{"knownBy": "device"}""")]
    [InlineData("drop", """{"knownBy": ""}""")]
    public async Task WhatIsNotSaid_IsNotDone(string what, string request)
    {
        (await PostAsync(what, request)).Code.ShouldBe(400);
        await fleet.NamesAsync("pi-1", "hello", "world");
    }

    [Fact]
    public async Task BusAway_IsSaid()
    {
        fleet.Bus.GoDown();
        (await api.SendAsync(HttpMethod.Get, "/api/v1/recovery")).Code.ShouldBe(503);
    }

    private static (string, string, string) Identity(ManifestEntry entry) => (entry.Uid, entry.ScoreDigest.Value, entry.Address.Value);

    private async Task<JsonElement[]> ItemsAsync() => [.. (await api.SendAsync(HttpMethod.Get, "/api/v1/recovery")).Body.GetProperty("items").EnumerateArray()];

    private string? Intent() => fleet.Services.GetServices<IReadinessCheck>().Single(check => check.Name == "intent").Missing();

    private Task<(int Code, JsonElement Body)> PostAsync(string what, string request) => api.SendAsync(HttpMethod.Post, $"/api/v1/recovery/{what}", request);

    private async Task BeginAsync()
    {
        await fleet.BeginAsync(Quick);
        api = await OperatorUnderTest.StartAsync(
            fleet.Store, fleet.Bus, services => services.AddSingleton(fleet.Services.GetRequiredService<EngineView>()), master: ControlledFleet.Master);
        await Eventually.HoldsAsync(
            () => Intent() is { } lost && lost.Contains("default/hello, default/world", StringComparison.Ordinal), "the engine found out", TimeSpan.FromSeconds(20));
    }

    private async Task HelloAsync()
    {
        foreach (var agent in agents)
        {
            await agent.SayHelloAsync(("group", "a"));
        }
    }
}
