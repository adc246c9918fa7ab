namespace Harmony.Fleet.Deploy.Scores;

/// <summary>An operator with a resource store of its own.</summary>
public sealed record FleetOperatorScore
{
    /// <summary>The bus that it uses.</summary>
    public required NatsStanding Nats { get; init; }

    /// <summary>The port of its API; null for a free one.</summary>
    public int? Port { get; init; }
}
