namespace Harmony.Fleet.Ports.Bus;

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
