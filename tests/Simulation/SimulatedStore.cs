using System.Globalization;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Resources;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>The resources of one kind, by the rules of the real stores. It loses nothing that it said to have.</summary>
internal sealed class SimulatedStore<T, TStatus>(Schedule schedule, ResourceType<T, TStatus> type, Versions versions)
    where T : class, IResource
    where TStatus : class
{
    private readonly Dictionary<string, StoredResource> stored = new(StringComparer.Ordinal);
    private readonly List<StoreWatch<T>> watches = [];

    public SortedDictionary<string, T> Items { get; } = new(StringComparer.Ordinal);

    /// <summary>The uids of what was removed.</summary>
    public HashSet<string> Removed { get; } = new(StringComparer.Ordinal);

    /// <summary>Called at once with what changed, and whether it is gone.</summary>
    public Action<T, bool> Changed { get; set; } = (_, _) => { };

    public (WriteDecision Decision, T? Resource) Create(T resource)
    {
        var uid = versions.NextUid();
        return Write(resource.Metadata, uid, present => ResourceWrites.Create(type, present, resource, uid, schedule.Now));
    }

    public (WriteDecision Decision, T? Resource) Update(T resource) => Write(resource.Metadata, null, present => ResourceWrites.Update(type, present, resource));

    public (WriteDecision Decision, T? Resource) PatchFinalizers(ObjectMeta metadata) =>
        Write(metadata, null, present => ResourceWrites.PatchFinalizers(type, present, metadata.Uid, metadata.ResourceVersion!, metadata.Finalizers));

    public (WriteDecision Decision, T? Resource) PatchStatus(ObjectMeta metadata, TStatus status) =>
        Write(metadata, null, present => ResourceWrites.PatchStatus(type, present, metadata.Uid, metadata.ResourceVersion!, status));

    public void Delete(T resource) => Write(resource.Metadata, null, present => ResourceWrites.Delete(type, present, null, null, schedule.Now));

    /// <summary>Tells of each change from now on, in order, each after a while and none before <paramref name="first"/>.</summary>
    public StoreWatch<T> Watch(DateTimeOffset first, Action<T, bool> tell)
    {
        watches.RemoveAll(watch => !watch.IsOpen);
        var watch = new StoreWatch<T>(tell) { Last = first };
        watches.Add(watch);
        return watch;
    }

    private (WriteDecision Decision, T? Resource) Write(ObjectMeta metadata, string? uid, Func<StoredResource?, WriteDecision> decide)
    {
        var present = stored.GetValueOrDefault(metadata.Name);
        var decision = decide(present);
        return (decision, decision switch
        {
            WriteDecision.Store store => Store(metadata, present?.Uid ?? uid!, store.Parts, isGone: false),
            WriteDecision.Remove remove => Store(metadata, present!.Uid, remove.Parts, isGone: true),
            WriteDecision.Keep keep => keep.Stored.Read(type),
            _ => null,
        });
    }

    private T Store(ObjectMeta metadata, string uid, ResourceParts parts, bool isGone)
    {
        var next = new StoredResource(metadata.Namespace, metadata.Name, uid, versions.Next().ToString(CultureInfo.InvariantCulture), parts);
        var resource = next.Read(type);
        if (isGone)
        {
            stored.Remove(metadata.Name);
            Items.Remove(metadata.Name);
            Removed.Add(uid);
        }
        else
        {
            stored[metadata.Name] = next;
            Items[metadata.Name] = resource;
        }

        Changed(resource, isGone);
        foreach (var watch in watches)
        {
            var at = schedule.Now.AddSeconds(schedule.Delay());
            watch.Last = at > watch.Last ? at : watch.Last;
            schedule.At(watch.Last, () => watch.Tell(resource, isGone));
        }

        return resource;
    }
}

/// <summary>A watch of resources.</summary>
internal sealed class StoreWatch<T>(Action<T, bool> tell)
{
    public bool IsOpen { get; set; } = true;

    public DateTimeOffset Last { get; set; }

    public void Tell(T resource, bool isGone)
    {
        if (IsOpen)
        {
            tell(resource, isGone);
        }
    }
}

/// <summary>Numbers that a store gives.</summary>
internal sealed class Versions
{
    private long version;
    private long uid;
    private long term;

    public long Next() => ++version;

    public long NextTerm() => ++term;

    public string NextUid() => $"uid-{++uid}";
}
