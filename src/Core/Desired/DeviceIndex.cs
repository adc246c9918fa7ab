using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Core.Desired;

/// <summary>Devices by the labels on which selectors are anchored. A key is indexed from its first use on: identities and serial numbers that no selector names cost nothing.</summary>
internal sealed class DeviceIndex
{
    private readonly Dictionary<string, Dictionary<string, HashSet<DeviceNode>>> byKey = new(StringComparer.Ordinal);

    /// <summary>The devices among which all that <paramref name="selector"/> matches are.</summary>
    public IEnumerable<DeviceNode> Candidates(Selector selector, IReadOnlyCollection<DeviceNode> all)
    {
        if (selector.Anchor is not { } anchor)
        {
            return all;
        }

        var byValue = byKey.TryGetValue(anchor.Key, out var known) ? known : byKey[anchor.Key] = Build(anchor.Key, all);
        return anchor.Values.Distinct(StringComparer.Ordinal)
            .SelectMany(value => byValue.TryGetValue(value, out var found) ? found : Enumerable.Empty<DeviceNode>());
    }

    /// <summary>Moves a device from its old labels to its new ones.</summary>
    public void Move(DeviceNode device, LabelSet old, LabelSet next)
    {
        foreach (var (key, byValue) in byKey)
        {
            if (old[key] is { } oldValue && byValue.TryGetValue(oldValue, out var group) && group.Remove(device) && group.Count == 0)
            {
                byValue.Remove(oldValue);
            }

            if (next[key] is { } value)
            {
                Add(byValue, value, device);
            }
        }
    }

    private static Dictionary<string, HashSet<DeviceNode>> Build(string key, IEnumerable<DeviceNode> all)
    {
        var byValue = new Dictionary<string, HashSet<DeviceNode>>(StringComparer.Ordinal);
        foreach (var device in all)
        {
            if (device.Labels[key] is { } value)
            {
                Add(byValue, value, device);
            }
        }

        return byValue;
    }

    private static void Add(Dictionary<string, HashSet<DeviceNode>> byValue, string value, DeviceNode device)
    {
        if (!byValue.TryGetValue(value, out var group))
        {
            byValue[value] = group = [];
        }

        group.Add(device);
    }
}
