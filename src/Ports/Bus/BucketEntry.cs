namespace Harmony.Fleet.Ports.Bus;

/// <summary>A value, or a delete marker, of a bucket.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The bytes; empty for a marker.</param>
/// <param name="Headers">What was stored with it.</param>
/// <param name="Revision">The bucket's sequence number of it.</param>
/// <param name="Created">When the server stored it, by the server's clock.</param>
/// <param name="IsDeleted">Whether it is a marker.</param>
public sealed record BucketEntry(string Key, ReadOnlyMemory<byte> Value, BusHeaders Headers, ulong Revision, DateTimeOffset Created, bool IsDeleted);
