using System.Threading.Channels;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Tests.Harness.Bus;

/// <summary>A watch of a bucket. Its broker's lock guards it.</summary>
internal sealed class FakeWatch(FakeBroker broker, FakeBus bus, string bucket, string filter)
{
    private readonly Channel<BucketEvent> events = Channel.CreateUnbounded<BucketEvent>();
    private bool hasBegun;

    public FakeBus Bus => bus;

    public string Bucket => bucket;

    public ChannelReader<BucketEvent> Events => events.Reader;

    /// <summary>Shows all that is there, where the bucket can be reached.</summary>
    public void Begin()
    {
        if (!bus.Link.IsUp || broker.Stream(bucket) is not { } stream)
        {
            return;
        }

        if (hasBegun)
        {
            events.Writer.TryWrite(new BucketEvent.Restarted("the connection or the bucket is new"));
        }

        hasBegun = true;
        foreach (var entry in stream.Entries.Values.OrderBy(entry => entry.Revision))
        {
            Offer(entry);
        }

        events.Writer.TryWrite(new BucketEvent.CaughtUp());
    }

    public void Offer(BucketEntry entry)
    {
        if (bus.Link.IsUp && SubjectMatch.Matches(filter, entry.Key))
        {
            events.Writer.TryWrite(new BucketEvent.Changed(entry));
        }
    }
}
