using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Operator.Control.Loop;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Recovery;

/// <summary>A deployment that was lost, with what manifests say of it.</summary>
/// <param name="Key">Which.</param>
/// <param name="Entries">What they say, by device.</param>
/// <param name="Uids">By which uids it is known.</param>
/// <param name="Since">When this run of the operator found out; null where it has not yet.</param>
/// <param name="SaidBy">The devices that say that they run it, and whose manifests are not known.</param>
internal sealed record LostOne(
    DeploymentKey Key, ImmutableArray<(DeviceId Device, ManifestEntry Entry)> Entries, ImmutableArray<string> Uids, DateTimeOffset? Since, ImmutableArray<DeviceId> SaidBy)
{
    /// <summary>The devices that have it.</summary>
    public ImmutableArray<DeviceId> Devices { get; } = [.. Entries.Select(one => one.Device).Union(SaidBy)];

    /// <summary>By whom it is known: one of <see cref="LossWitness"/>.</summary>
    public string KnownBy => Entries.IsEmpty ? LossWitness.Device : LossWitness.Manifest;
}

/// <summary>
/// Finds what was lost: what authentic manifests on the bus name, and the store neither holds nor knows to have been removed. By what is stored alone,
/// so that it answers the same whoever asks, and whenever.
/// </summary>
internal sealed class LostIntent(IBus bus, IResourceStore store, OperatorOptions options, EngineView engine)
{
    /// <summary>How long all manifests may take to be read.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DeviceKeyRing keys = new(options.MasterKey, options.KeyEpoch);

    /// <summary>What was lost: first what manifests name, then what devices alone say; each by namespace and name.</summary>
    /// <exception cref="IOException">The bus or the store is away; the message says which, and why.</exception>
    public async Task<ImmutableArray<LostOne>> FindAsync(CancellationToken cancellationToken)
    {
        // The manifests first: what is removed from the store meanwhile is known as removed.
        var named = await ReadAsync(cancellationToken);
        var noticed = engine.Lost;
        var (present, owners) = await PresentAsync(cancellationToken);
        foreach (var (key, entries) in named)
        {
            entries.ForEach(one => owners[one.Entry.Uid] = key);
        }

        // A uid that the store or a manifest has under another name was not lost under this one, whatever a device says.
        var suspects = named.Keys.Concat(noticed.Keys).Distinct().Where(key => !present.Contains(key)).ToList();
        var asked = suspects.SelectMany(key => named.GetValueOrDefault(key, []).Select(one => one.Entry.Uid)
            .Concat((noticed.GetValueOrDefault(key)?.Uids ?? []).Where(uid => !owners.TryGetValue(uid, out var owner) || owner == key))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(uid => (Key: key, Uid: uid))).ToList();
        var removed = await RemovedAsync(asked, cancellationToken);
        return
        [
            .. asked.Where(one => !removed.Contains(one)).GroupBy(one => one.Key, one => one.Uid).Select(one => new LostOne(
                one.Key,
                [.. named.GetValueOrDefault(one.Key, []).Where(entry => !removed.Contains((one.Key, entry.Entry.Uid)))],
                [.. one],
                noticed.GetValueOrDefault(one.Key)?.Since,
                noticed.GetValueOrDefault(one.Key)?.SaidBy ?? [])).OrderBy(one => one.Entries.IsEmpty).ThenBy(one => one.Key),
        ];
    }

    private async Task<Dictionary<DeploymentKey, List<(DeviceId Device, ManifestEntry Entry)>>> ReadAsync(CancellationToken cancellationToken)
    {
        if (!bus.Link.IsUp)
        {
            throw new IOException($"The operator has no connection to NATS, and what was lost is found in the manifests there: {bus.Link.Detail}");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var manifests = new Dictionary<DeviceId, ImmutableArray<ManifestEntry>>();
        try
        {
            await foreach (var seen in bus.Bucket(BucketNames.DesiredState).WatchAsync(">", limit.Token).WithCancellation(limit.Token))
            {
                switch (seen)
                {
                    case BucketEvent.CaughtUp:
                        return manifests.SelectMany(pair => pair.Value.Select(entry => (Device: pair.Key, Entry: entry)))
                            .OrderBy(one => one.Device)
                            .GroupBy(one => new DeploymentKey(one.Entry.Namespace, one.Entry.Name)).ToDictionary(group => group.Key, group => group.ToList());
                    case BucketEvent.Restarted:
                        manifests.Clear();
                        break;
                    case BucketEvent.Changed { Value: var entry } when DeviceId.TryParse(entry.Key, out var device):
                        manifests[device] = Entries(device, entry);
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Told below.
        }

        throw new IOException($"The manifests could not be read from the bus within {Limit.TotalSeconds:0} s.");
    }

    private ImmutableArray<ManifestEntry> Entries(DeviceId device, BucketEntry entry) =>
        !entry.IsDeleted && new ManifestGate(device, keys.Of(device)).Judge(floor: null, entry.Value.Span, entry.Headers.Mac) is ManifestVerdict.Accepted accepted
            ? accepted.Manifest.Entries
            : [];

    private async Task<(HashSet<DeploymentKey> Keys, Dictionary<string, DeploymentKey> Owners)> PresentAsync(CancellationToken cancellationToken) =>
        await store.ListAsync(ResourceTypes.Deployments, new(), cancellationToken) switch
        {
            ListOutcome<Deployment>.Ok all => (
                all.List.Items.Select(one => ResourceKey.Of(one.Metadata)).Concat(all.Unreadable.Select(one => one.Key)).Select(KeyOf).OfType<DeploymentKey>().ToHashSet(),
                Owners(all.List.Items)),
            ListOutcome<Deployment>.Unavailable away => throw new IOException(away.Reason),
            var other => throw new IOException($"The store does not list its Deployments: {other}"),
        };

    private static Dictionary<string, DeploymentKey> Owners(ImmutableArray<Deployment> stored)
    {
        var owners = new Dictionary<string, DeploymentKey>(StringComparer.Ordinal);
        foreach (var metadata in stored.Select(one => one.Metadata))
        {
            if (metadata.Uid is { } uid && KeyOf(ResourceKey.Of(metadata)) is { } key)
            {
                owners[uid] = key;
            }
        }

        return owners;
    }

    private async Task<HashSet<(DeploymentKey Key, string Uid)>> RemovedAsync(List<(DeploymentKey Key, string Uid)> asked, CancellationToken cancellationToken) =>
        await store.FindRemovedAsync(
            ResourceTypes.Deployments, [.. asked.Select(one => new LostResource(new(one.Key.Namespace.Value, one.Key.Name.Value), one.Uid))], cancellationToken) switch
        {
            RemovedOutcome.Known known => [.. known.Removed.Where(one => KeyOf(one.Key) is not null).Select(one => (KeyOf(one.Key)!.Value, one.Uid))],
            RemovedOutcome.Unavailable away => throw new IOException(away.Reason),
            _ => [],
        };

    private static DeploymentKey? KeyOf(ResourceKey key) =>
        NamespaceName.TryParse(key.Namespace, out var space) & DeploymentName.TryParse(key.Name, out var name) ? new DeploymentKey(space, name) : null;
}
