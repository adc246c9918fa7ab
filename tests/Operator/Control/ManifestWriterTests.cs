using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Operator.Control.Executors;
using Harmony.Fleet.Operator.Control.Informers;
using Harmony.Fleet.Operator.Documents;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>A manifest is written over what is known of its key, and what is known is put right where that is something else by now.</summary>
public sealed class ManifestWriterTests
{
    private static readonly DeviceId Pi = DeviceId.Parse("pi-1");
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

    private async Task<BucketEntry> DeletedAsync()
    {
        await broker.EnsureBucketAsync(new BucketSettings { Name = BucketNames.DesiredState }, Token);
        await bucket.CreateAsync(Pi.Value, new byte[] { 1 }, BusHeaders.None, Token);
        await bucket.RemoveAsync(Pi.Value, Token);
        return await bucket.MarkersAsync(Token).SingleAsync(Token);
    }

    private async Task<EffectResult.ManifestPut> PutAsync(ulong revision)
    {
        var bytes = ManifestDocument.Write(Pi, new Generation(1, 1), []);
        return (await writer.PutAsync(Pi, new ManifestStep.Put(new Generation(1, 1), bytes, Digest.Of(bytes), revision, "test"), Token)).ShouldBeOfType<EffectResult.ManifestPut>();
    }
}
