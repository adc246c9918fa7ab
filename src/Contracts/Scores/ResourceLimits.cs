namespace Harmony.Fleet.Contracts.Scores;

/// <summary>What a container may use at the most.</summary>
public sealed record ResourceLimits
{
    /// <summary>Bytes of memory, at least 4 MiB; null for no limit.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Thousandths of a core, at least 10; null for no limit.</summary>
    public int? CpuMillicores { get; init; }
}
