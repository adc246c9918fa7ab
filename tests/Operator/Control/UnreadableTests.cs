using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Operator.Control.Executors;
using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>What is stored and cannot be read: what stands of it stays, and the rest of the fleet goes on.</summary>
public sealed class UnreadableTests : IAsyncLifetime
{
    private static readonly ControlOptions Often = ControlledFleet.Quick with { ResyncInterval = TimeSpan.FromMilliseconds(300) };
    private SqliteFixture fleet = null!;
    private FakeAgent pi = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        fleet = await SqliteFixture.StartAsync(Often);
        await Eventually.HoldsAsync(() => fleet.Log.Count("Created the bucket scores") == 1, "the buckets are there");
        pi = new FakeAgent(fleet.Broker.Connect(), "pi-1", ControlledFleet.Master);
        await pi.SayHelloAsync(("group", "a"));
        await fleet.ApplyAsync("bad");
        await fleet.ApplyAsync("good");
        await fleet.NamesAsync("pi-1", "bad", "good");
        await Eventually.HoldsAsync(async () => !(await fleet.DeploymentAsync("bad")).Metadata.Finalizers.IsEmpty, "the finalizer is on");
    }

    public ValueTask DisposeAsync() => fleet.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deployment_NotReadable_StaysOnItsDevicesUntilItIsDeleted(bool restarts)
    {
        var (bad, good) = (await EntryAsync("bad"), await EntryAsync("good"));
        await SpoilAsync("bad", restarts);

        await fleet.ApplyAsync("good", "localhost/hello:2");
        await Eventually.HoldsAsync(async () => (await EntryAsync("good")).ScoreDigest != good.ScoreDigest, "the other one goes on");
        (await EntryAsync("bad")).Address.ShouldBe(bad.Address);

        (await fleet.Store.DeleteAsync(ResourceTypes.Deployments, new ResourceKey("default", "bad"), DeletePreconditions.None, Token)).ShouldBeOfType<StoreOutcome<Deployment>.Ok>();
        await fleet.NamesAsync("pi-1", "good");
    }

    /// <summary>The bus was lost as well, and with it all that says what the device was given, but for the device.</summary>
    [Fact]
    public async Task Deployment_NotReadable_WhileTheManifestsWereLost_StaysOnItsDevices()
    {
        await pi.TakeAsync("bad", "good");
        await pi.ReportAsync(Phase.Running);
        await SpoilAsync("bad", restarts: true, losesBuckets: true);

        await pi.SayHelloAsync(("group", "a"));

        await fleet.ConditionAsync("pi-1", ConditionTypes.IntentLost, ConditionStatus.True);
        (await fleet.StoredAsync("pi-1")).ShouldBeNull();
        (await fleet.Store.DeleteAsync(ResourceTypes.Deployments, new ResourceKey("default", "bad"), DeletePreconditions.None, Token)).ShouldBeOfType<StoreOutcome<Deployment>.Ok>();
        await fleet.NamesAsync("pi-1", "good");
        await pi.TakeAsync("good");
        pi.Refused.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Device_NotReadable_KeepsWhatItHasUntilItIsDeleted(bool restarts)
    {
        await SpoilAsync("pi-1", restarts);

        await fleet.ApplyAsync("third", group: "b");
        await Eventually.HoldsAsync(async () => (await fleet.DeploymentAsync("third")).Status is not null, "the rest goes on");
        (await fleet.ManifestAsync("pi-1"))!.Entries.Length.ShouldBe(2);
        fleet.Services.GetRequiredService<IDeviceDirectory>().TryGetCommandNonce(pi.Id, out _).ShouldBeTrue();

        (await fleet.Store.DeleteAsync(ResourceTypes.Devices, new ResourceKey(null, "pi-1"), DeletePreconditions.None, Token)).ShouldBeOfType<StoreOutcome<Device>.Ok>();
        await Eventually.HoldsAsync(
            async () =>
            {
                await pi.SayHelloAsync(("group", "a"));
                await Task.Delay(100, Token);
                return await fleet.DeviceAsync("pi-1") is not null;
            },
            "it comes anew by itself");
    }

    private async Task SpoilAsync(string name, bool restarts, bool losesBuckets = false)
    {
        if (restarts)
        {
            await fleet.EndAsync();
        }

        fleet.Spoil(name);
        foreach (var bucket in losesBuckets ? new BucketPlan(null).Buckets : [])
        {
            fleet.Broker.LoseBucket(bucket.Name);
        }

        if (restarts)
        {
            await fleet.BeginAsync(Often);
        }

        await Eventually.HoldsAsync(() => fleet.Log.Count("cannot be read") >= 2, "it is told");
    }

    private async Task<ManifestEntry> EntryAsync(string name) => (await fleet.ManifestAsync("pi-1"))!.Entries.Single(entry => entry.Name.Value == name);
}
