using Harmony.Fleet.Deploy.Scores;

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

    /// <summary>The port of NATS, of its first server; null for a free one.</summary>
    public int? NatsPort { get; init; }

    /// <summary>How many NATS servers, one of <see cref="NatsServers.NatsNode.Counts"/>; null for as many as there were, or one.</summary>
    public int? NatsNodes { get; init; }

    /// <summary>Where the operator's measurements go; null for nowhere.</summary>
    public OperatorTelemetry? Telemetry { get; init; }

    /// <summary>A port that is left to others; null for none.</summary>
    public int? ReservedPort { get; init; }

    /// <summary>The folder that this program runs from.</summary>
    public required string BaseFolder { get; init; }

    /// <summary>The repository's folder; null where there is none.</summary>
    public string? Home { get; init; }

    /// <summary>Another agent to run than the one beside this program, absolute; null for that one.</summary>
    public string? Agent { get; init; }

    /// <summary>Spreads restarts.</summary>
    public required Random Random { get; init; }

    /// <summary>Told how devices are added that somebody asks for elsewhere, later; null for whoever is told of the start.</summary>
    public IProgress<DeployNews>? Growth { get; init; }

    /// <summary>The command that ends this fleet at once, for people who wait for it.</summary>
    public string HurryCommand { get; init; } = "fleet down --now";
}
