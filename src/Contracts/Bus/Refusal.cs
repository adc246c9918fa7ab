namespace Harmony.Fleet.Contracts.Bus;

/// <summary>The newest manifest that a device did not take.</summary>
public sealed record Refusal
{
    /// <summary>Why.</summary>
    public required RefusalReason Reason { get; init; }

    /// <summary>The refused generation, where it could be read with trust.</summary>
    public Generation? Generation { get; init; }

    /// <summary>One sentence for people.</summary>
    public string Message { get => field ?? string.Empty; init; }

    /// <summary>When, by the device's clock.</summary>
    public DateTimeOffset At { get; init; }
}
