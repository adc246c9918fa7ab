using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Operator.Control.Executors;
using Harmony.Fleet.Operator.Control.Informers;
using Harmony.Fleet.Operator.Documents;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>A manifest is written over what is known of its key, and what is known is put right where that is something else by now.</summary>
public sealed class ManifestWriterTests
{
    private static readonly DeviceId Pi = DeviceId.Parse("pi-1");
    private static readonly ManifestEntry Web = new()
    {
        Namespace = NamespaceName.Parse("default"), Name = DeploymentName.Parse("web"), Uid = "u-1", ScoreDigest = Digest.Of("s"u8), Address = Digest.Of("a"u8), Key = new byte[32],
    };

    private readonly FakeBroker broker = new();
    private readonly IBucket bucket;
    private readonly ManifestWriter writer;

    public ManifestWriterTests()
    {
        var bus = broker.Connect();
        var (keys, own) = (new DeviceKeyRing(ControlledFleet.Master, 1), new OwnManifests());
        bucket = bus.Bucket(BucketNames.DesiredState);
        writer = new ManifestWriter(bus, keys, own, new StoredManifestReader(keys, own, new TextCache()), new FailureLog(TimeProvider.System, NullLogger<FailureLog>.Instance));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Put_OverADeleteMarker_IsWritten()
    {
        var marker = await DeletedAsync();

        (await PutAsync(marker.Revision)).IsWritten.ShouldBeTrue();
    }

    /// <summary>The marker went while the key was not needed: the next try is that of a key that never was.</summary>
    [Fact]
    public async Task Put_OverADeleteMarkerThatIsGone_LearnsThatNothingIsThere_AndIsWrittenThen()
    {
        var marker = await DeletedAsync();
        await broker.PurgeMarkersAsync(BucketNames.DesiredState, [marker], Token);

        var first = await PutAsync(marker.Revision);
        (first.IsWritten, first.Known).ShouldBe((false, new StoredManifest(0, null, null)));

        (await PutAsync(first.Known!.Value.Revision)).IsWritten.ShouldBeTrue();
    }

    /// <summary>The answer to the first write was lost: the second one meets it, and says what it names as of any other.</summary>
    [Fact]
    public async Task Put_OverItself_FindsItWithWhatItNames()
    {
        await broker.EnsureBucketAsync(new BucketSettings { Name = BucketNames.DesiredState }, Token);
        var written = await PutAsync(0, Web);

        (await PutAsync(0, Web)).ShouldSatisfyAllConditions(
            again => again.IsWritten.ShouldBeFalse(), again => again.Known.ShouldBe(written.Known), again => again.Entries.ShouldHaveSingleItem().Name.Value.ShouldBe("web"));
    }

    /// <summary>The next engine of the same process, which begins where the clock was put back, knows nothing of what the one before wrote.</summary>
    [Fact]
    public async Task Written_ByTheRunBefore_IsReadWithWhatItNames()
    {
        await broker.EnsureBucketAsync(new BucketSettings { Name = BucketNames.DesiredState }, Token);
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton<IBus>(broker.Connect())
            .AddFleetControl(ControlledFleet.Master, 1).BuildServiceProvider();
        await using var before = services.CreateAsyncScope();
        await using var next = services.CreateAsyncScope();
        await before.ServiceProvider.GetRequiredService<ManifestWriter>().PutAsync(Pi, Step(0, Web), Token);
        var stored = (await bucket.GetAsync(Pi.Value, Token)).ShouldBeOfType<GetOutcome.Found>().Entry;

        next.ServiceProvider.GetRequiredService<StoredManifestReader>().Read(Pi, stored).Entries.ShouldHaveSingleItem().Name.Value.ShouldBe("web");
        before.ServiceProvider.GetRequiredService<StoredManifestReader>().Read(Pi, stored).Entries.ShouldBeEmpty();
    }

    private async Task<BucketEntry> DeletedAsync()
    {
        await broker.EnsureBucketAsync(new BucketSettings { Name = BucketNames.DesiredState }, Token);
        await bucket.CreateAsync(Pi.Value, new byte[] { 1 }, BusHeaders.None, Token);
        await bucket.RemoveAsync(Pi.Value, Token);
        return await bucket.MarkersAsync(Token).SingleAsync(Token);
    }

    private async Task<EffectResult.ManifestPut> PutAsync(ulong revision, params ImmutableArray<ManifestEntry> entries) =>
        (await writer.PutAsync(Pi, Step(revision, entries), Token)).ShouldBeOfType<EffectResult.ManifestPut>();

    private static ManifestStep.Put Step(ulong revision, params ImmutableArray<ManifestEntry> entries)
    {
        var bytes = ManifestDocument.Write(Pi, new Generation(1, 1), entries);
        return new(new Generation(1, 1), bytes, Digest.Of(bytes), revision, "test");
    }
}
