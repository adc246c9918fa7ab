using System.Runtime.InteropServices;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Core.Desired;

/// <summary>Devices by their labels, so that a deployment meets only those that may match it.</summary>
internal sealed class DeviceIndex
{
    private readonly Dictionary<string, Values> byKey = new(StringComparer.Ordinal);

    /// <summary>How many devices have a label that <paramref name="term"/>, which is one that demands a label, allows.</summary>
    public int CountOf(SelectorTerm term) => !byKey.TryGetValue(term.Key, out var values) ? 0
        : term.Operator == SelectorOperator.Exists ? values.Devices
        : term.Values.Distinct(StringComparer.Ordinal).Sum(values.CountOf);

    /// <summary>The devices that <paramref name="term"/>, which is one that demands a label, allows.</summary>
    public List<int> DevicesOf(SelectorTerm term)
    {
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
        foreach (var (key, value) in old)
        {
            if (next[key] != value && byKey.TryGetValue(key, out var values) && values.Remove(value, device))
            {
                byKey.Remove(key);
            }
        }

        foreach (var (key, value) in next)
        {
            if (old[key] != value)
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(byKey, key, out _) ??= new Values()).Add(value, device);
            }
        }
    }

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
