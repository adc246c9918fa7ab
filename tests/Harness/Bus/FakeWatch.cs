using System.Threading.Channels;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Tests.Harness.Bus;

/// <summary>A watch of a bucket. Its broker's lock guards it.</summary>
internal sealed class FakeWatch(FakeBroker broker, FakeBus bus, string bucket, string filter)
{
    private readonly Channel<BucketEvent> events = Channel.CreateUnbounded<BucketEvent>();

    // Null before it began, false while it was told that it does not see the bucket.
    private bool? isOpen;

    public FakeBus Bus => bus;

    public string Bucket => bucket;

    public ChannelReader<BucketEvent> Events => events.Reader;

    /// <summary>Shows all that is there, where the bucket can be reached; otherwise it is lost.</summary>
    public void Begin()
    {
        if (!bus.Link.IsUp || broker.Stream(bucket) is not { } stream)
        {
            Lose("there is no connection, or no bucket");
            return;
        }

        if (isOpen == true)
        {
            Lose("the connection or the bucket is new");
        }

        isOpen = true;
        foreach (var entry in stream.Entries.Values.OrderBy(entry => entry.Revision))
        {
            Offer(entry);
        }

        events.Writer.TryWrite(new BucketEvent.CaughtUp());
    }

    /// <summary>It does not see the bucket any more: told at once, and once.</summary>
    public void Lose(string reason)
    {
        if (isOpen != false)
        {
            isOpen = false;
            events.Writer.TryWrite(new BucketEvent.Restarted(reason));
        }
    }

    public void Offer(BucketEntry entry)
    {
        if (isOpen == true && SubjectMatch.Matches(filter, entry.Key))
        {
            events.Writer.TryWrite(new BucketEvent.Changed(entry));
        }
    }
}
