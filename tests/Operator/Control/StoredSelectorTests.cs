using System.Text.Json;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>Selectors that are stored already, whatever the API refuses.</summary>
public sealed class StoredSelectorTests : IAsyncLifetime
{
    private ControlFixture fleet = null!;
    private FakeAgent pi = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        fleet = await ControlFixture.StartAsync();
        await Eventually.HoldsAsync(() => fleet.Log.Count("Created the bucket scores") == 1, "the buckets are there");
        pi = new FakeAgent(fleet.Broker.Connect(), "pi-1", ControlledFleet.Master);
    }

    public ValueTask DisposeAsync() => fleet.DisposeAsync();

    [Theory]
    [InlineData("null")]
    [InlineData("""{"matchLabels":null,"matchExpressions":null}""")]
    [InlineData("""{"matchExpressions":[null]}""")]
    public async Task Deployment_StoredWithNoSelector_SelectsNothingAndSaysSo(string selector)
    {
        await pi.SayHelloAsync(("group", "a"));
        var none = JsonSerializer.Deserialize($$$"""{"targetSelector":{{{selector}}}}""", ContractsJson.Resources.DeploymentSpec)!.TargetSelector;
        var good = await fleet.ApplyAsync("hello");
        await fleet.NamesAsync("pi-1", "hello");

        await fleet.Store.CreateAsync(ResourceTypes.Deployments, ControlledFleet.Sample("other") with { Spec = good.Spec with { TargetSelector = none } }, Token);
        await fleet.ChangeAsync(ResourceTypes.Deployments, ResourceKey.Of(good.Metadata), present => present with { Spec = good.Spec with { TargetSelector = none } });

        foreach (var name in new[] { "other", "hello" })
        {
            await Eventually.HoldsAsync(
                async () => (await fleet.DeploymentAsync(name)).Status?.Conditions.Of(ConditionTypes.Invalid)?.Message.Contains("spec.targetSelector", StringComparison.Ordinal) == true, $"{name} is marked");
        }

        // What runs of the one that was valid stays, and the other goes nowhere.
        (await fleet.ManifestAsync("pi-1"))!.Entries.ShouldHaveSingleItem().Name.Value.ShouldBe("hello");
        (await fleet.DeploymentAsync("other")).Status!.Aggregate.MatchedDeviceCount.ShouldBe(0);
    }
}
