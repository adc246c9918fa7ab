using System.Buffers;
using System.Diagnostics.Metrics;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Operator.Control.Informers;
using Harmony.Fleet.Operator.Documents;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Operator.Telemetry;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Operator.Control.Informers;

public sealed class DocumentReaderTests
{
    [Theory]
    [InlineData(WatchedBucket.DeviceInfo)]
    [InlineData(WatchedBucket.DesiredState)]
    public void Entry_ThatCannotBeRead_IsToldAndSkipped(WatchedBucket bucket)
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var broken = new Broken();
        var (keys, texts, log) = (new DeviceKeyRing(ControlledFleet.Master, 1), new TextCache(), new FakeLogger<DocumentReader>());
        var reader = new DocumentReader(
            keys, new StoredManifestReader(keys, new OwnManifests(), texts), texts, new LogGate(new FakeTimeProvider()), new FleetMeter(services.GetRequiredService<IMeterFactory>()), log);

        reader.Read(bucket, new BucketEntry("pi-1", broken.Memory, new BusHeaders("1:mac"), 1, DateTimeOffset.UnixEpoch, false)).ShouldBeNull();

        log.LatestRecord.Message.ShouldContain("it cannot be read: broken");
    }

    /// <summary>Bytes that are there, and fail whoever looks at them.</summary>
    private sealed class Broken : MemoryManager<byte>
    {
        public override Memory<byte> Memory => CreateMemory(10);

        public override Span<byte> GetSpan() => throw new NotSupportedException("broken");

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("broken");

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
