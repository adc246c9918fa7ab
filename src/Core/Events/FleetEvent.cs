using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;

namespace Harmony.Fleet.Core.Events;

/// <summary>Something that happened outside of the engine. What devices said was found to be theirs, and parsed, before it is one.</summary>
public abstract record FleetEvent
{
    private FleetEvent()
    {
    }

    /// <summary>A leadership begins.</summary>
    /// <param name="Term">Its number, higher than all before.</param>
    public sealed record TermBegan(long Term) : FleetEvent;

    /// <summary>The link to the bus changed.</summary>
    /// <param name="IsUp">Whether it stands.</param>
    /// <param name="Connection">The number of the connection.</param>
    public sealed record LinkChanged(bool IsUp, long Connection) : FleetEvent;

    /// <summary>Which Deployments there are: others are gone. Each of these was told of before.</summary>
    /// <param name="Present">They.</param>
    /// <param name="Unreadable">Those that are there too, and could not be read: they cannot be judged, so that what stands of them stays.</param>
    public sealed record DeploymentsListed(ImmutableArray<(string? Namespace, string Name)> Present, ImmutableArray<(string? Namespace, string Name)> Unreadable) : FleetEvent;

    /// <summary>A Deployment is there, or changed.</summary>
    public sealed record DeploymentSeen(Deployment Resource) : FleetEvent;

    /// <summary>A Deployment is gone.</summary>
    public sealed record DeploymentGone(Deployment Resource) : FleetEvent;

    /// <summary>Which Devices there are: others are gone. Each of these was told of before.</summary>
    /// <param name="Present">Their names.</param>
    /// <param name="Unreadable">The names of those that are there too, and could not be read: what is known of them stays.</param>
    /// <param name="Answers">The answers to writes that had come when the list began: a device that a later one made need not be on it.</param>
    public sealed record DevicesListed(ImmutableArray<string> Present, ImmutableArray<string> Unreadable, long Answers) : FleetEvent;

    /// <summary>A Device is there, or changed.</summary>
    public sealed record DeviceSeen(Device Resource) : FleetEvent;

    /// <summary>A Device is gone.</summary>
    public sealed record DeviceGone(Device Resource) : FleetEvent;

    /// <summary>A device said who it is.</summary>
    /// <param name="Info">What it said.</param>
    /// <param name="Stored">When the bucket took it, by the server's clock.</param>
    public sealed record InfoHeard(DeviceInfo Info, DateTimeOffset Stored) : FleetEvent;

    /// <summary>A device said what stands on it.</summary>
    /// <param name="Report">What it said.</param>
    /// <param name="Stored">When the bucket took it, by the server's clock.</param>
    public sealed record ReportHeard(DeviceReport Report, DateTimeOffset Stored) : FleetEvent;

    /// <summary>A sign of life.</summary>
    /// <param name="Beat">What the device said.</param>
    /// <param name="Stored">When the bucket took it, by the server's clock.</param>
    public sealed record HeartbeatHeard(Heartbeat Beat, DateTimeOffset Stored) : FleetEvent;

    /// <summary>The bucket of manifests holds this.</summary>
    /// <param name="Device">Whose.</param>
    /// <param name="Stored">What is stored.</param>
    /// <param name="Entries">What it says; nothing where it is not this control plane's.</param>
    public sealed record ManifestSeen(DeviceId Device, StoredManifest Stored, ImmutableArray<ManifestEntry> Entries) : FleetEvent;

    /// <summary>The bucket of manifests holds what it was last seen to hold for a device.</summary>
    /// <param name="Device">Whose.</param>
    public sealed record ManifestUnchanged(DeviceId Device) : FleetEvent;

    /// <summary>All of a bucket has been seen; what comes from now on is new.</summary>
    public sealed record WatchCaughtUp(WatchedBucket Bucket) : FleetEvent;

    /// <summary>A watch begins again: what is in the bucket is not known until it has caught up.</summary>
    /// <param name="Bucket">Which.</param>
    /// <param name="Reason">Why.</param>
    public sealed record WatchRestarted(WatchedBucket Bucket, string Reason) : FleetEvent;

    /// <summary>All of a bucket is read anew, to find what a watch missed; what is known counts meanwhile. It ends with <see cref="WatchCaughtUp"/>.</summary>
    /// <param name="Bucket">Which.</param>
    public sealed record ResyncBegan(WatchedBucket Bucket) : FleetEvent;

    /// <summary>What became of an effect.</summary>
    /// <param name="Effect">The effect.</param>
    /// <param name="Result">What became of it.</param>
    public sealed record Finished(FleetEffect Effect, EffectResult Result) : FleetEvent;
}
