using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Control.Feeds;

/// <summary>What happens outside of the control loop.</summary>
internal abstract record ControlEvent
{
    private ControlEvent()
    {
    }

    /// <summary>The link to the bus changed.</summary>
    public sealed record LinkChanged(LinkState State) : ControlEvent;

    /// <summary>All resources of a kind, as they are: others are gone.</summary>
    /// <param name="Resources">They.</param>
    /// <param name="Unreadable">What is there too, and could not be read.</param>
    /// <param name="Answers">The answers that had come when the list began: of what a later one told, it says nothing.</param>
    public sealed record Listed<T>(ImmutableArray<T> Resources, ImmutableArray<ResourceKey> Unreadable, long Answers) : ControlEvent
        where T : class, IResource;

    /// <summary>A resource is there, or changed.</summary>
    public sealed record Seen<T>(T Resource) : ControlEvent
        where T : class, IResource;

    /// <summary>A resource is gone.</summary>
    public sealed record Gone<T>(T Resource) : ControlEvent
        where T : class, IResource;

    /// <summary>A watch of a bucket saw something.</summary>
    public sealed record InBucket(string Bucket, BucketEvent Happened) : ControlEvent;
}
