namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>What <c>fleet up</c> was asked for.</summary>
public sealed record LocalFleetOptions
{
    /// <summary>The data folder: absolute.</summary>
    public required string DataFolder { get; init; }

    /// <summary>How many devices; null for as many as there were, or one.</summary>
    public int? Devices { get; init; }

    /// <summary>The port of the operator's API; null for a free one.</summary>
    public int? ApiPort { get; init; }

    /// <summary>The port of NATS; null for a free one.</summary>
    public int? NatsPort { get; init; }

    /// <summary>The folder that this program runs from.</summary>
    public required string BaseFolder { get; init; }

    /// <summary>The repository's folder; null where there is none.</summary>
    public string? Home { get; init; }

    /// <summary>Spreads restarts.</summary>
    public required Random Random { get; init; }
}
