using System.Collections;

namespace Harmony.Fleet.Core.Selectors;

/// <summary>The labels of one thing: keys in ordinal order in one array, a fraction of a tree's memory.</summary>
public sealed class LabelSet : IReadOnlyCollection<KeyValuePair<string, string>>, IEquatable<LabelSet>
{
    private readonly KeyValuePair<string, string>[] pairs;

    private LabelSet(KeyValuePair<string, string>[] pairs) => this.pairs = pairs;

    /// <summary>No labels.</summary>
    public static LabelSet Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => pairs.Length;

    /// <summary>The labels of <paramref name="labels"/>, whose keys differ.</summary>
    public static LabelSet Of(IEnumerable<KeyValuePair<string, string>> labels)
    {
        var sorted = labels.ToArray();
        Array.Sort(sorted, (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return sorted.Length == 0 ? Empty : new LabelSet(sorted);
    }

    /// <summary>The value of <paramref name="key"/>; null where there is no such label.</summary>
    public string? this[string key]
    {
        get => pairs.AsSpan().BinarySearch(new ByKey(key)) is >= 0 and var index ? pairs[index].Value : null;
    }

    /// <inheritdoc/>
    public bool Equals(LabelSet? other) => other is not null && pairs.AsSpan().SequenceEqual(other.pairs);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var (key, value) in pairs)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => pairs.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private readonly struct ByKey(string key) : IComparable<KeyValuePair<string, string>>
    {
        public int CompareTo(KeyValuePair<string, string> other) => string.CompareOrdinal(key, other.Key);
    }
}
