using System.Collections;
using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Selectors;

/// <summary>
/// The labels of one thing: keys in ordinal order in one array, a fraction of a tree's memory. The label that names a device is kept beside them: devices with the
/// same other labels share those.
/// </summary>
public sealed class LabelSet : IReadOnlyCollection<KeyValuePair<string, string>>, IEquatable<LabelSet>
{
    private readonly KeyValuePair<string, string>[] shared;
    private readonly string? identity;

    private LabelSet(KeyValuePair<string, string>[] shared, string? identity) => (this.shared, this.identity) = (shared, identity);

    /// <summary>No labels.</summary>
    public static LabelSet Empty { get; } = new([], null);

    /// <inheritdoc/>
    public int Count => shared.Length + (identity is null ? 0 : 1);

    /// <summary>All labels but that which names a device.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Shared => shared;

    /// <summary>The labels of <paramref name="labels"/>, whose keys differ.</summary>
    public static LabelSet Of(IEnumerable<KeyValuePair<string, string>> labels)
    {
        var all = labels.ToArray();
        var named = Array.Find(all, label => label.Key == ApiGroup.DeviceIdLabel).Value;
        var sorted = named is null ? all : Array.FindAll(all, label => label.Key != ApiGroup.DeviceIdLabel);
        Array.Sort(sorted, (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return all.Length == 0 ? Empty : new LabelSet(sorted, named);
    }

    /// <summary>The same labels, and that which names <paramref name="device"/>.</summary>
    public LabelSet WithIdentity(DeviceId device) => new(shared, device.Value);

    /// <summary>The same labels, but for that which names a device.</summary>
    public LabelSet WithoutIdentity() => identity is null ? this : new(shared, null);

    /// <summary>These labels and <paramref name="stronger"/>, which win.</summary>
    public LabelSet With(LabelSet stronger) => stronger.Count == 0 ? this
        : Count == 0 ? stronger
        : Of(this.Where(label => stronger[label.Key] is null).Concat(stronger));

    /// <summary>Whether <paramref name="labels"/> are just these.</summary>
    public bool IsSameAs(ImmutableSortedDictionary<string, string> labels)
    {
        if (labels.Count != Count)
        {
            return false;
        }

        foreach (var (key, value) in labels)
        {
            if (value is null || this[key] != value)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The labels as a resource has them.</summary>
    public ImmutableSortedDictionary<string, string> ToDictionary() => ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, this);

    /// <summary>The value of <paramref name="key"/>; null where there is no such label.</summary>
    public string? this[string key] => identity is not null && key == ApiGroup.DeviceIdLabel ? identity
        : shared.AsSpan().BinarySearch(new ByKey(key)) is >= 0 and var index ? shared[index].Value
        : null;

    /// <inheritdoc/>
    public bool Equals(LabelSet? other) =>
        other is not null && identity == other.identity && (ReferenceEquals(shared, other.shared) || shared.AsSpan().SequenceEqual(other.shared));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var (key, value) in this)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
    {
        IEnumerable<KeyValuePair<string, string>> own = identity is null ? [] : [KeyValuePair.Create(ApiGroup.DeviceIdLabel, identity)];
        return shared.TakeWhile(IsBefore).Concat(own).Concat(shared.SkipWhile(IsBefore)).GetEnumerator();
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool IsBefore(KeyValuePair<string, string> label) => string.CompareOrdinal(label.Key, ApiGroup.DeviceIdLabel) < 0;

    private readonly struct ByKey(string key) : IComparable<KeyValuePair<string, string>>
    {
        public int CompareTo(KeyValuePair<string, string> other) => string.CompareOrdinal(key, other.Key);
    }
}
