using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Tests.Harness.Bus;

/// <summary>A bucket as the broker holds it. Its broker's lock guards it.</summary>
internal sealed class FakeStream(BucketSettings settings)
{
    private ulong sequence;

    public BucketSettings Settings { get; set; } = settings;

    public Dictionary<string, BucketEntry> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Every write so far.</summary>
    public ulong Sequence => sequence;

    public BucketEntry Append(string key, ReadOnlyMemory<byte> value, BusHeaders headers, bool isDeleted, DateTimeOffset at)
    {
        var entry = new BucketEntry(key, value.ToArray(), headers, ++sequence, at, isDeleted);
        Entries[key] = entry;
        return entry;
    }

    /// <summary>Removes a delete marker, if it is what is there.</summary>
    public bool Purge(BucketEntry marker) =>
        Entries.GetValueOrDefault(marker.Key) is { IsDeleted: true } there && (there.Revision, there.Created) == (marker.Revision, marker.Created) && Entries.Remove(marker.Key);
}
