using System.Runtime.InteropServices;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Core.Desired;

/// <summary>Devices by their labels, so that a deployment meets only those that may match it.</summary>
/// <param name="find">The device that has an id: the label that names one is not indexed.</param>
internal sealed class DeviceIndex(Func<DeviceId, DeviceNode?> find)
{
    private readonly Dictionary<string, Values> byKey = new(StringComparer.Ordinal);

    private int devices;

    /// <summary>How many devices have a label that <paramref name="term"/>, which is one that demands a label, allows.</summary>
    public int CountOf(SelectorTerm term) => IsIdentity(term)
        ? (term.Operator == SelectorOperator.Exists ? devices : Named(term).Count())
        : !byKey.TryGetValue(term.Key, out var values) ? 0
        : term.Operator == SelectorOperator.Exists ? values.Devices
        : term.Values.Distinct(StringComparer.Ordinal).Sum(values.CountOf);

    /// <summary>The devices that <paramref name="term"/>, which is one that demands a label, allows; null for all.</summary>
    public List<int>? DevicesOf(SelectorTerm term)
    {
        if (IsIdentity(term))
        {
            return term.Operator == SelectorOperator.Exists ? null : [.. Named(term)];
        }

        var found = new List<int>();
        if (byKey.TryGetValue(term.Key, out var values))
        {
            foreach (var value in term.Operator == SelectorOperator.Exists ? values.All : term.Values.Distinct(StringComparer.Ordinal))
            {
                values.AddTo(found, value);
            }
        }

        return found;
    }

    /// <summary>Moves a device from its old labels to its new ones.</summary>
    public void Move(int device, LabelSet old, LabelSet next)
    {
        devices += (next.Count > 0 ? 1 : 0) - (old.Count > 0 ? 1 : 0);
        foreach (var (key, value) in old.Shared)
        {
            if (next[key] != value && byKey.TryGetValue(key, out var values) && values.Remove(value, device))
            {
                byKey.Remove(key);
            }
        }

        foreach (var (key, value) in next.Shared)
        {
            if (old[key] != value)
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(byKey, key, out _) ??= new Values()).Add(value, device);
            }
        }
    }

    private static bool IsIdentity(SelectorTerm term) => term.Key == ApiGroup.DeviceIdLabel;

    private IEnumerable<int> Named(SelectorTerm term) => term.Values.Distinct(StringComparer.Ordinal)
        .Select(value => DeviceId.TryParse(value, out var id) ? find(id)?.Slot : null).OfType<int>();

    /// <summary>The devices with one label, by its values.</summary>
    private sealed class Values
    {
        private readonly Dictionary<string, Posting> byValue = new(StringComparer.Ordinal);

        public int Devices { get; private set; }

        public IEnumerable<string> All => byValue.Keys;

        public int CountOf(string value) => byValue.GetValueOrDefault(value).Count;

        public void AddTo(List<int> found, string value) => byValue.GetValueOrDefault(value).AddTo(found);

        public void Add(string value, int device)
        {
            Devices++;
            CollectionsMarshal.GetValueRefOrAddDefault(byValue, value, out _).Add(device);
        }

        /// <returns>Whether no device is left.</returns>
        public bool Remove(string value, int device)
        {
            Devices--;
            ref var posting = ref CollectionsMarshal.GetValueRefOrNullRef(byValue, value);
            posting.Remove(device);
            if (posting.Count == 0)
            {
                byValue.Remove(value);
            }

            return Devices == 0;
        }
    }
}
