using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Desired;

namespace Harmony.Fleet.Core.Effects;

/// <summary>What became of an effect.</summary>
public abstract record EffectResult
{
    private EffectResult()
    {
    }

    /// <summary>It is done, or there is nothing left that it could be done to.</summary>
    public sealed record Done : EffectResult;

    /// <summary>It was not done, or not known to be: it is to be tried again.</summary>
    public sealed record Failed : EffectResult;

    /// <summary>Of all that was to be removed of a device the manifest is, and the rest is to be tried again.</summary>
    public sealed record ManifestRemoved : EffectResult;

    /// <summary>It will never be done as it is.</summary>
    /// <param name="Reason">What the target says.</param>
    public sealed record Refused(string Reason) : EffectResult;

    /// <summary>A device is stored like this.</summary>
    /// <param name="Resource">The resource.</param>
    public sealed record DeviceStored(Device Resource) : EffectResult;

    /// <summary>A deployment is stored like this.</summary>
    /// <param name="Resource">The resource.</param>
    public sealed record DeploymentStored(Deployment Resource) : EffectResult;

    /// <summary>What the bucket holds of a manifest.</summary>
    /// <param name="Known">What it holds now; null where that is not known.</param>
    /// <param name="IsWritten">Whether the effect wrote it.</param>
    /// <param name="Entries">What it says, where something else than what was to be written was found there, of this control plane.</param>
    public sealed record ManifestPut(StoredManifest? Known, bool IsWritten, ImmutableArray<ManifestEntry> Entries) : EffectResult;

    /// <summary>How the buckets were found.</summary>
    /// <param name="Found">How.</param>
    public sealed record BucketsEnsured(BucketsFound Found) : EffectResult
    {
        /// <summary>The names of those that had other rules, which were put right since this was last said: what these discarded, no watch tells.</summary>
        public ImmutableArray<string> Corrected { get; init; } = [];
    }

    /// <summary>Which of the uids that were asked for were removed by intent, as of the deployment that was asked about.</summary>
    /// <param name="Uids">They; none where the store keeps no removals.</param>
    public sealed record RemovedFound(ImmutableArray<string> Uids) : EffectResult;

    /// <summary>The scores that are stored.</summary>
    /// <param name="Addresses">Their addresses.</param>
    public sealed record ScoresListed(ImmutableArray<Digest> Addresses) : EffectResult;
}

/// <summary>How the buckets were found.</summary>
public enum BucketsFound
{
    /// <summary>Not all stand as they should.</summary>
    NotReady,

    /// <summary>All stand as they should, and did before.</summary>
    AsTheyWere,

    /// <summary>All stand as they should now; at least one is new since this was last said, and so empty.</summary>
    MadeAnew,
}
