using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Devices;

namespace Harmony.Fleet.Core.Engine;

/// <summary>All devices by their ids, which the entries themselves have: the table holds nothing else.</summary>
internal sealed class DeviceEntries : IDeviceTable<DeviceEntry>, IReadOnlyCollection<DeviceEntry>
{
    private readonly HashSet<DeviceEntry> entries = new(ById.Instance);
    private readonly HashSet<DeviceEntry>.AlternateLookup<DeviceId> byId;

    public DeviceEntries() => byId = entries.GetAlternateLookup<DeviceId>();

    /// <inheritdoc/>
    public int Count => entries.Count;

    /// <summary>That of <paramref name="id"/>, where there is one.</summary>
    public bool TryGetValue(DeviceId id, [NotNullWhen(true)] out DeviceEntry? entry) => byId.TryGetValue(id, out entry);

    /// <inheritdoc/>
    public DeviceEntry? Find(DeviceId id) => byId.TryGetValue(id, out var entry) ? entry : null;

    /// <inheritdoc/>
    public DeviceEntry Make(DeviceId id)
    {
        if (!byId.TryGetValue(id, out var entry))
        {
            entries.Add(entry = new DeviceEntry(id));
        }

        return entry;
    }

    /// <summary>Removes that of <paramref name="id"/>, where there is one.</summary>
    public bool Remove(DeviceId id, [NotNullWhen(true)] out DeviceEntry? entry) => byId.TryGetValue(id, out entry) && entries.Remove(entry);

    /// <inheritdoc/>
    public IEnumerator<DeviceEntry> GetEnumerator() => entries.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class ById : IEqualityComparer<DeviceEntry>, IAlternateEqualityComparer<DeviceId, DeviceEntry>
    {
        public static ById Instance { get; } = new();

        public bool Equals(DeviceEntry? x, DeviceEntry? y) => x?.Id == y?.Id;

        public int GetHashCode(DeviceEntry entry) => entry.Id.GetHashCode();

        public bool Equals(DeviceId alternate, DeviceEntry other) => alternate == other.Id;

        public int GetHashCode(DeviceId alternate) => alternate.GetHashCode();

        public DeviceEntry Create(DeviceId alternate) => new(alternate);
    }
}
