using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Desired;

namespace Harmony.Fleet.Core.Effects;

/// <summary>
/// Something that the engine wants done outside of it. Each renders to one line of text, so that a plan can be read and compared. What became
/// of it comes back as an event with the same effect.
/// </summary>
public abstract record FleetEffect
{
    private FleetEffect()
    {
    }

    /// <summary>Where it is carried out.</summary>
    public abstract EffectTarget Target { get; }

    /// <summary>What is done, on one line.</summary>
    protected abstract string Text { get; }

    /// <inheritdoc/>
    public sealed override string ToString() => Text;

    /// <summary>An effect on the bus.</summary>
    public abstract record OnBus : FleetEffect
    {
        /// <inheritdoc/>
        public sealed override EffectTarget Target => EffectTarget.Bus;
    }

    /// <summary>An effect on the store.</summary>
    public abstract record OnStore : FleetEffect
    {
        /// <inheritdoc/>
        public sealed override EffectTarget Target => EffectTarget.Store;
    }

    /// <summary>An effect in the process.</summary>
    public abstract record InProcess : FleetEffect
    {
        /// <inheritdoc/>
        public sealed override EffectTarget Target => EffectTarget.Process;
    }

    /// <summary>Makes sure that the buckets are as they should be.</summary>
    /// <param name="Connection">The number of the connection for which it is done.</param>
    public sealed record EnsureBuckets(long Connection) : OnBus
    {
        /// <inheritdoc/>
        protected override string Text => $"ensure buckets (connection {Connection})";
    }

    /// <summary>Begins to watch the buckets, which are there now.</summary>
    public sealed record WatchBuckets : InProcess
    {
        /// <inheritdoc/>
        protected override string Text => "watch buckets";
    }

    /// <summary>Reads all that buckets hold again at once, beside their watches: something may have gone from them that no watch tells of.</summary>
    /// <param name="Names">The buckets' names.</param>
    public sealed record ReadBuckets(ImmutableArray<string> Names) : InProcess
    {
        /// <inheritdoc/>
        protected override string Text => $"read again all of {string.Join(", ", Names)}";
    }

    /// <summary>Makes sure that a score stands at its address.</summary>
    /// <param name="Address">SHA-256 of the ciphertext.</param>
    /// <param name="Ciphertext">The encrypted score.</param>
    public sealed record PutScore(Digest Address, byte[] Ciphertext) : OnBus
    {
        /// <inheritdoc/>
        protected override string Text => $"put score {Address.Short} ({Ciphertext.Length} bytes)";
    }

    /// <summary>Reads which scores are stored.</summary>
    public sealed record ListScores : OnBus
    {
        /// <inheritdoc/>
        protected override string Text => "list scores";
    }

    /// <summary>Removes a score that nothing names.</summary>
    /// <param name="Address">Which.</param>
    public sealed record DeleteScore(Digest Address) : OnBus
    {
        /// <inheritdoc/>
        protected override string Text => $"delete score {Address.Short}";
    }

    /// <summary>Stores a device's manifest, over the revision that it was decided upon.</summary>
    /// <param name="Device">Whose.</param>
    /// <param name="Step">What is stored.</param>
    /// <param name="Watch">The number of the watch by which the revision is known.</param>
    public sealed record PutManifest(DeviceId Device, ManifestStep.Put Step, int Watch) : OnBus
    {
        /// <inheritdoc/>
        protected override string Text => $"put manifest {Step.Generation} of {Device} over revision {Step.Revision} ({Step.Bytes.Length} bytes): {Step.Why}";
    }

    /// <summary>Removes all that is on the bus of a device that is being deleted.</summary>
    /// <param name="Device">Which.</param>
    public sealed record DeleteKeys(DeviceId Device) : OnBus
    {
        /// <inheritdoc/>
        protected override string Text => $"delete keys of {Device}";
    }

    /// <summary>Reads a device's resource, of which something is to be written.</summary>
    /// <param name="Id">Which.</param>
    public sealed record ReadDevice(DeviceId Id) : OnStore
    {
        /// <inheritdoc/>
        protected override string Text => $"read device {Id}";
    }

    /// <summary>Makes the resource of a device that said who it is.</summary>
    /// <param name="Id">Which.</param>
    /// <param name="Resource">The resource.</param>
    public sealed record CreateDevice(DeviceId Id, Device Resource) : OnStore
    {
        /// <inheritdoc/>
        protected override string Text => $"create device {Id} ({Resource.Metadata.Labels.Count} labels)";
    }

    /// <summary>Writes what a device says of itself, and the labels that follow, where nothing changed in between.</summary>
    /// <param name="Id">Which.</param>
    /// <param name="Resource">The resource as it should be.</param>
    public sealed record UpdateDevice(DeviceId Id, Device Resource) : OnStore
    {
        /// <inheritdoc/>
        protected override string Text => $"update device {Id}: {string.Join(", ", Resource.Metadata.Labels.Select(label => $"{label.Key}={label.Value}"))}";
    }

    /// <summary>Writes a device's status.</summary>
    /// <param name="Id">Which.</param>
    /// <param name="Resource">The resource with the status as it should be.</param>
    public sealed record PatchDeviceStatus(DeviceId Id, Device Resource) : OnStore
    {
        /// <inheritdoc/>
        protected override string Text => $"patch status of device {Id}: {EffectText.Of(Resource.Status?.Conditions ?? [])}";
    }

    /// <summary>Writes a deployment's finalizers, where nothing changed in between.</summary>
    /// <param name="Key">Which.</param>
    /// <param name="Resource">The resource with the finalizers as they should be.</param>
    public sealed record PatchFinalizers(DeploymentKey Key, Deployment Resource) : OnStore
    {
        /// <inheritdoc/>
        protected override string Text => $"patch finalizers of deployment {Key}: [{string.Join(", ", Resource.Metadata.Finalizers)}]";
    }

    /// <summary>Writes a deployment's status.</summary>
    /// <param name="Key">Which.</param>
    /// <param name="Resource">The resource with the status as it should be.</param>
    public sealed record PatchDeploymentStatus(DeploymentKey Key, Deployment Resource) : OnStore
    {
        /// <inheritdoc/>
        protected override string Text => $"patch status of deployment {Key}: {EffectText.Of(Resource.Status?.Aggregate)}; {EffectText.Of(Resource.Status?.Conditions ?? [])}";
    }

    /// <summary>Asks whether a deployment that is not in the store was removed from it by intent.</summary>
    /// <param name="Key">Which.</param>
    /// <param name="Uids">The uids that it had.</param>
    public sealed record FindRemoved(DeploymentKey Key, ImmutableArray<string> Uids) : OnStore
    {
        /// <inheritdoc/>
        protected override string Text => $"find removed deployment {Key}: {string.Join(", ", Uids)}";
    }

    /// <summary>Writes a device's finalizers.</summary>
    /// <param name="Id">Which.</param>
    /// <param name="Resource">The resource with the finalizers as they should be.</param>
    public sealed record PatchDeviceFinalizers(DeviceId Id, Device Resource) : OnStore
    {
        /// <inheritdoc/>
        protected override string Text => $"patch finalizers of device {Id}: [{string.Join(", ", Resource.Metadata.Finalizers)}]";
    }

    /// <summary>Keeps how a device is spoken to.</summary>
    /// <param name="Device">Which.</param>
    /// <param name="Nonce">What its commands must carry.</param>
    public sealed record KeepContact(DeviceId Device, string Nonce) : InProcess
    {
        /// <inheritdoc/>
        protected override string Text => $"keep contact of {Device}";
    }

    /// <summary>Forgets how a device is spoken to: it is gone.</summary>
    /// <param name="Device">Which.</param>
    public sealed record ForgetContact(DeviceId Device) : InProcess
    {
        /// <inheritdoc/>
        protected override string Text => $"forget contact of {Device}";
    }

    /// <summary>Reads what a device says again with the next resync, also where it is what was read before: what was made of that is gone, or was changed by somebody else.</summary>
    /// <param name="Device">Which.</param>
    public sealed record ReadAgain(DeviceId Device) : InProcess
    {
        /// <inheritdoc/>
        protected override string Text => $"read again what {Device} says";
    }
}
