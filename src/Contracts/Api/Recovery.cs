using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Contracts.Api;

/// <summary>The deployments that manifests on the bus name and the store does not hold, nor knows to have been removed.</summary>
public sealed record LostDeployments
{
    /// <summary>They, by namespace and name.</summary>
    public ImmutableArray<LostDeploymentItem> Items { get => field.IsDefault ? [] : field; init; }

    /// <summary>Acknowledged writes that the store was found to lack, until that is acknowledged; null for none.</summary>
    public LostWritesItem? LostWrites { get; init; }
}

/// <summary>Acknowledged writes that are gone.</summary>
public sealed record LostWritesItem
{
    /// <summary>The resourceVersion after which they came.</summary>
    public long From { get; init; }

    /// <summary>The resourceVersion of the last of them.</summary>
    public long Until { get; init; }

    /// <summary>When that was found.</summary>
    public DateTimeOffset FoundAt { get; init; }
}

/// <summary>A deployment that was lost.</summary>
public sealed record LostDeploymentItem
{
    /// <summary>Its namespace.</summary>
    public string Namespace { get => field ?? string.Empty; init; }

    /// <summary>Its name.</summary>
    public string Name { get => field ?? string.Empty; init; }

    /// <summary>By which uids manifests, or devices, name it: more than one where devices were given it at different times.</summary>
    public ImmutableArray<string> Uids { get => field.IsDefault ? [] : field; init; }

    /// <summary>SHA-256 of the plain scores by which manifests name it: more than one where devices have different versions.</summary>
    public ImmutableArray<Digest> ScoreDigests { get => field.IsDefault ? [] : field; init; }

    /// <summary>The devices whose manifests name it, and those that say that they run it by a manifest that is not known.</summary>
    public ImmutableArray<DeviceId> Devices { get => field.IsDefault ? [] : field; init; }

    /// <summary>By whom it is known: one of <see cref="LossWitness"/>.</summary>
    public string KnownBy { get => field ?? string.Empty; init; }

    /// <summary>When this run of the operator found out; null where it has not yet.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary>By whom a deployment is known that was lost.</summary>
public static class LossWitness
{
    /// <summary>A manifest names it, which this control plane wrote.</summary>
    public const string Manifest = "manifest";

    /// <summary>Nothing but the word of devices says that it ever was: it may have been lost with the bus, or be invented.</summary>
    public const string Device = "device";
}

/// <summary>What is to be decided about.</summary>
public sealed record RecoveryRequest
{
    /// <summary>Which deployments; at least one, at most 100. With <see cref="KnownBy"/> they may be left out, for all that are known so, of which the first 100 are decided.</summary>
    public ImmutableArray<RecoveryItem> Items { get => field.IsDefault ? [] : field; init; }

    /// <summary>Only <c>manifest</c>: what devices alone say that they run is left as it is, and told with <see cref="RecoveryResult.Done"/> false. Null for whatever <see cref="Items"/> names.</summary>
    public string? KnownBy { get; init; }

    /// <summary>To adopt: which devices each of them is to be for, in Kubernetes' text form; without it exactly those whose manifests name it.</summary>
    public string? Selector { get; init; }
}

/// <summary>A deployment that is to be decided about.</summary>
public sealed record RecoveryItem
{
    /// <summary>Its namespace.</summary>
    public string Namespace { get => field ?? string.Empty; init; }

    /// <summary>Its name.</summary>
    public string Name { get => field ?? string.Empty; init; }

    /// <summary>To drop: the uids that were shown to whoever decides. Others of that name stay.</summary>
    public ImmutableArray<string> Uids { get => field.IsDefault ? [] : field; init; }
}

/// <summary>What became of each.</summary>
public sealed record RecoveryResults
{
    /// <summary>In the order in which they were asked for.</summary>
    public ImmutableArray<RecoveryResult> Items { get => field.IsDefault ? [] : field; init; }
}

/// <summary>What became of one.</summary>
public sealed record RecoveryResult
{
    /// <summary>Its namespace.</summary>
    public string Namespace { get => field ?? string.Empty; init; }

    /// <summary>Its name.</summary>
    public string Name { get => field ?? string.Empty; init; }

    /// <summary>Whether it was decided, and is on disk.</summary>
    public bool Done { get; init; }

    /// <summary>How many devices have it.</summary>
    public int Devices { get; init; }

    /// <summary>Why it was not done; null where it was.</summary>
    public string? Message { get; init; }
}
