using System.Globalization;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Resources;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>The resources of one kind, by the rules of the real stores. It loses nothing that it said to have.</summary>
internal sealed class SimulatedStore<T>(Schedule schedule, ResourceType<T> type, Versions versions)
    where T : class, IResource
{
    private readonly List<StoreWatch<T>> watches = [];

    public SortedDictionary<string, T> Items { get; } = new(StringComparer.Ordinal);

    /// <summary>Called at once with what changed, and whether it is gone.</summary>
    public Action<T, bool> Changed { get; set; } = (_, _) => { };

    public WriteDecision<T> Create(T resource) => Write(resource.Metadata.Name, stored => ResourceWrites.Create(type, stored, resource, versions.NextUid(), schedule.Now));

    public WriteDecision<T> Update(T resource) => Write(resource.Metadata.Name, stored => ResourceWrites.Update(type, stored, resource));

    public WriteDecision<T> UpdateStatus(T resource) => Write(
        resource.Metadata.Name,
        stored => ResourceWrites.UpdateStatus(type, stored, type.WithMetadata(resource, resource.Metadata with { ResourceVersion = null })));

    public WriteDecision<T> Delete(string name) => Write(name, stored => ResourceWrites.Delete(type, stored, null, null, schedule.Now));

    /// <summary>Tells of each change from now on, in order, each after a while and none before <paramref name="first"/>.</summary>
    public StoreWatch<T> Watch(DateTimeOffset first, Action<T, bool> tell)
    {
        watches.RemoveAll(watch => !watch.IsOpen);
        var watch = new StoreWatch<T>(tell) { Last = first };
        watches.Add(watch);
        return watch;
    }

    private WriteDecision<T> Write(string name, Func<T?, WriteDecision<T>> decide)
    {
        var decision = decide(Items.GetValueOrDefault(name));
        switch (decision)
        {
            case WriteDecision<T>.Store store:
                var stored = Next(store.Resource);
                Items[name] = stored;
                Tell(stored, isGone: false);
                return new WriteDecision<T>.Store(stored);
            case WriteDecision<T>.Remove remove:
                var removed = Next(remove.Resource);
                Items.Remove(name);
                Tell(removed, isGone: true);
                return new WriteDecision<T>.Remove(removed);
            default:
                return decision;
        }
    }

    private T Next(T resource) =>
        type.WithMetadata(resource, resource.Metadata with { ResourceVersion = versions.Next().ToString(CultureInfo.InvariantCulture) });

    private void Tell(T resource, bool isGone)
    {
        Changed(resource, isGone);
        foreach (var watch in watches)
        {
            var at = schedule.Now.AddSeconds(schedule.Delay());
            watch.Last = at > watch.Last ? at : watch.Last;
            schedule.At(watch.Last, () => watch.Tell(resource, isGone));
        }
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
