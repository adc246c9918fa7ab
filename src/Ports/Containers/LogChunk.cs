namespace Harmony.Fleet.Ports.Containers;

/// <summary>A part of a container's log.</summary>
/// <param name="IsError">Whether it was written to stderr.</param>
/// <param name="Bytes">As the container wrote them.</param>
public readonly record struct LogChunk(bool IsError, ReadOnlyMemory<byte> Bytes);
