using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Desired;

namespace Harmony.Fleet.Core.Events;

/// <summary>Something of which people are told: a line in the log.</summary>
public abstract record FleetNotice
{
    private FleetNotice()
    {
    }

    /// <summary>A Deployment is carried out.</summary>
    public sealed record DeploymentAcquired(DeploymentKey Key, Deployment Resource) : FleetNotice;

    /// <summary>A Deployment cannot be carried out as it is.</summary>
    public sealed record DeploymentInvalid(DeploymentKey Key, long Generation, string Errors) : FleetNotice;

    /// <summary>A Deployment is being deleted.</summary>
    public sealed record DeploymentDeleting(DeploymentKey Key) : FleetNotice;

    /// <summary>A Deployment is gone.</summary>
    public sealed record DeploymentGone(DeploymentKey Key) : FleetNotice;

    /// <summary>A Deployment that manifests name is not in the store, which knows of no removal: it was lost, and stays on the devices.</summary>
    /// <param name="Key">Which.</param>
    /// <param name="Devices">How many devices' manifests name it, so far.</param>
    public sealed record IntentLost(DeploymentKey Key, int Devices) : FleetNotice;

    /// <summary>A device is given no manifest: it would take from it what was lost, or cannot be judged.</summary>
    public sealed record ManifestHeld(DeviceId Device, string Deployments) : FleetNotice;

    /// <summary>A resource whose name cannot be used is left alone.</summary>
    public sealed record UnusableName(string Kind, string Name) : FleetNotice;

    /// <summary>A Device is known.</summary>
    public sealed record DeviceAcquired(DeviceId Device) : FleetNotice;

    /// <summary>A Device is being deleted.</summary>
    public sealed record DeviceDeleting(DeviceId Device) : FleetNotice;

    /// <summary>A Device is gone.</summary>
    public sealed record DeviceGone(DeviceId Device) : FleetNotice;

    /// <summary>A Device cannot be used as it is.</summary>
    public sealed record DeviceInvalid(DeviceId Device, string Errors) : FleetNotice;

    /// <summary>A device turned reachable or unreachable.</summary>
    public sealed record DeviceTurned(DeviceId Device, bool IsReachable) : FleetNotice;

    /// <summary>Whether devices that fall silent are held back, because many did together.</summary>
    public sealed record SilenceHeld(bool IsHolding) : FleetNotice;

    /// <summary>The process stood still for so long: what was said meanwhile is heard before anybody is told to be silent.</summary>
    public sealed record Woke(TimeSpan Pause) : FleetNotice;

    /// <summary>Two agents present one identity, or no longer do.</summary>
    public sealed record IdentityDuplicated(DeviceId Device, bool IsDuplicate) : FleetNotice;

    /// <summary>A document of a device is older than what is known of it, and no news. The first of several.</summary>
    /// <param name="Device">Which.</param>
    /// <param name="Order">Its place.</param>
    /// <param name="Known">How far the device was heard.</param>
    public sealed record DocumentOutdated(DeviceId Device, DocumentOrder Order, DeviceProgress? Known) : FleetNotice;

    /// <summary>A device did not take a manifest.</summary>
    public sealed record ManifestRefused(DeviceId Device, RefusalReason Reason, string Message) : FleetNotice;

    /// <summary>A manifest was stored.</summary>
    public sealed record ManifestStored(DeviceId Device, ManifestStep.Put Step) : FleetNotice;

    /// <summary>All stored manifests are looked at again.</summary>
    public sealed record ManifestsDoubted(string Reason) : FleetNotice;

    /// <summary>The store refuses what is written to a resource.</summary>
    public sealed record WriteRefused(string Resource, string Reason) : FleetNotice;

    /// <summary>The engine failed over one thing by a fault of its own; the rest goes on.</summary>
    /// <param name="Subject">Over what.</param>
    /// <param name="Error">What was thrown.</param>
    public sealed record Poisoned(string Subject, Exception Error) : FleetNotice;
}
