namespace Harmony.Fleet.Ports.Bus;

/// <summary>A value, or a delete marker, of a bucket.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The bytes; empty for a marker.</param>
/// <param name="Headers">What was stored with it.</param>
/// <param name="Revision">The bucket's sequence number of it.</param>
/// <param name="Created">When the server stored it, by the server's clock.</param>
/// <param name="IsDeleted">Whether it is a marker.</param>
public sealed record BucketEntry(string Key, ReadOnlyMemory<byte> Value, BusHeaders Headers, ulong Revision, DateTimeOffset Created, bool IsDeleted);

/// <summary>What a watch sees.</summary>
public abstract record BucketEvent
{
    private BucketEvent()
    {
    }

    /// <summary>A value or a delete marker.</summary>
    /// <param name="Value">It.</param>
    public sealed record Changed(BucketEntry Value) : BucketEvent;

    /// <summary>All that was there when the watch began (or began again) has been seen.</summary>
    public sealed record CaughtUp : BucketEvent;

    /// <summary>The watch begins again: forget what was seen.</summary>
    /// <param name="Reason">One sentence, for the log.</param>
    public sealed record Restarted(string Reason) : BucketEvent;
}
