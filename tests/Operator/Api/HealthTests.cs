using Harmony.Fleet.Operator.Readiness;
using Harmony.Fleet.Tests.Conformance;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Fleet.Tests.Operator.Api;

public sealed class HealthTests
{
    [Fact]
    public async Task Healthz_WhateverIsMissing_Is200()
    {
        await using var fleet = await OperatorUnderTest.StartAsync();
        using var client = fleet.NewClient();

        (await client.GetStringAsync("/healthz", TestContext.Current.CancellationToken)).ShouldBe("ok\n");
    }

    [Fact]
    public async Task Readyz_WithAll_Is200()
    {
        await using var fleet = await OperatorUnderTest.StartAsync();

        var (code, body) = await fleet.SendAsync(HttpMethod.Get, "/readyz");

        code.ShouldBe(200);
        body.GetProperty("ready").GetBoolean().ShouldBeTrue();
        body.GetProperty("state").GetString().ShouldBe("recovering 0 %");
        (body.GetProperty("awaitingReport").GetInt32(), body.GetProperty("unknownDeployments").GetInt32()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Readyz_WithoutNats_Is503AndSaysSo()
    {
        await using var fleet = await OperatorUnderTest.StartAsync(bus: Down());

        var (code, body) = await fleet.SendAsync(HttpMethod.Get, "/readyz");

        code.ShouldBe(503);
        body.GetProperty("ready").GetBoolean().ShouldBeFalse();
        body.GetProperty("checks").GetProperty("nats").GetString()!.ShouldContain("NATS");
    }

    [Fact]
    public async Task Readyz_AsksEveryCheck()
    {
        await using var fleet = await OperatorUnderTest.StartAsync(more: services => services.AddSingleton<IReadinessCheck>(new Missing()));

        var (_, body) = await fleet.SendAsync(HttpMethod.Get, "/readyz");

        body.GetProperty("checks").GetProperty("buckets").GetString().ShouldBe("desired-state is not there yet");
    }

    [Fact]
    public async Task Readyz_WithAWarning_Is200AndTellsIt()
    {
        await using var fleet = await OperatorUnderTest.StartAsync(more: services => services.AddSingleton<IReadinessCheck>(new Warning()));

        var (code, body) = await fleet.SendAsync(HttpMethod.Get, "/readyz");

        code.ShouldBe(200);
        body.GetProperty("ready").GetBoolean().ShouldBeTrue();
        body.GetProperty("checks").GetProperty("intent").GetString().ShouldBe("something was lost");
    }

    /// <summary>Both name deployments and files.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("Bearer a-token-of-somebody-else")]
    public async Task Readyz_WithoutTheToken_SaysWhichAndNotWhat(string? header)
    {
        await using var fleet = await OperatorUnderTest.StartAsync(
            bus: Down(), more: services => services.AddSingleton<IReadinessCheck>(new Missing()).AddSingleton<IReadinessCheck>(new Warning()));
        using var client = fleet.NewClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);

        using var answer = await client.GetAsync("/readyz", TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(503);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(
            """{"ready":false,"state":"recovering 0 %","awaitingReport":0,"lostDeployments":0,"unknownDeployments":0,"checks":{"nats":"failed","buckets":"failed","intent":"warning"}}""");
    }

    [Fact]
    public async Task StoreAway_Is503ForEveryCall()
    {
        var store = new InMemoryResourceStore(TimeProvider.System) { Outage = "The disk of fleet.db is full: make room." };
        await using var fleet = await OperatorUnderTest.StartAsync(store);

        (await fleet.SendAsync(HttpMethod.Get, Samples.Web)).ShouldBeStatus(503, "ServiceUnavailable", "disk");
        (await fleet.SendAsync(HttpMethod.Get, Samples.Deployments)).ShouldBeStatus(503, "ServiceUnavailable", "disk");
        (await fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment())).ShouldBeStatus(503, "ServiceUnavailable", "disk");
        (await fleet.SendAsync(HttpMethod.Post, Samples.Deployments, Samples.Deployment())).ShouldBeStatus(503, "ServiceUnavailable", "disk");
        (await fleet.SendAsync(HttpMethod.Delete, Samples.Web)).ShouldBeStatus(503, "ServiceUnavailable", "disk");
    }

    [Fact]
    public async Task BusAway_Is503ForWhatNeedsIt()
    {
        await using var fleet = await OperatorUnderTest.StartAsync(bus: Down());

        (await fleet.SendAsync(HttpMethod.Get, "/api/v1/kv")).ShouldBeStatus(503, "ServiceUnavailable", "NATS");
        (await fleet.SendAsync(HttpMethod.Get, "/api/v1/kv/device-info")).ShouldBeStatus(503, "ServiceUnavailable", "NATS");
        (await fleet.SendAsync(HttpMethod.Get, "/api/v1/kv/device-info/pi-1")).ShouldBeStatus(503, "ServiceUnavailable", "broken");
        (await fleet.SendAsync(HttpMethod.Get, "/api/v1/devices/pi-1/desired")).ShouldBeStatus(503, "ServiceUnavailable", "broken");
        (await fleet.SendAsync(HttpMethod.Get, "/api/v1/kv/nothing")).ShouldBeStatus(404, "NotFound", "device-info");
    }

    private static FakeBus Down()
    {
        var bus = new FakeBroker().Connect();
        bus.GoDown("broken by the test");
        return bus;
    }

    private sealed class Missing : IReadinessCheck
    {
        public string Name => "buckets";

        string? IReadinessCheck.Missing() => "desired-state is not there yet";
    }

    private sealed class Warning : IReadinessCheck
    {
        public string Name => "intent";

        public bool IsWarning => true;

        string? IReadinessCheck.Missing() => "something was lost";
    }
}
