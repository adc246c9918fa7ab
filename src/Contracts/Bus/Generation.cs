using System.Text.Json.Serialization;

namespace Harmony.Fleet.Contracts.Bus;

/// <summary>The order of manifests: first by term of leadership, then by counter. Written <c>term.counter</c>.</summary>
/// <param name="Term">The operator's leadership, larger than any before; 0 to 2^53 - 1.</param>
/// <param name="Counter">Counts a device's manifests within a term; 0 to 2^53 - 1.</param>
public readonly record struct Generation(
    [property: JsonPropertyName("term")] long Term,
    [property: JsonPropertyName("counter")] long Counter) : IComparable<Generation>
{
    /// <summary>Whether both parts are within their limits.</summary>
    [JsonIgnore]
    public bool IsValid => Term is >= 0 and <= WireLimits.MaxGenerationPart && Counter is >= 0 and <= WireLimits.MaxGenerationPart;

    /// <summary>Whether <paramref name="left"/> is older.</summary>
    public static bool operator <(Generation left, Generation right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> is newer.</summary>
    public static bool operator >(Generation left, Generation right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> is not newer.</summary>
    public static bool operator <=(Generation left, Generation right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> is not older.</summary>
    public static bool operator >=(Generation left, Generation right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public int CompareTo(Generation other) => Term != other.Term ? Term.CompareTo(other.Term) : Counter.CompareTo(other.Counter);

    /// <inheritdoc/>
    public override string ToString() => $"{Term}.{Counter}";
}
