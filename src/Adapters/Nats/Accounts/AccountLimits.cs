namespace Harmony.Fleet.Adapters.Nats.Accounts;

/// <summary>What one account may take of the server; null is no limit of its own.</summary>
public sealed record AccountLimits
{
    /// <summary>No limit.</summary>
    public static AccountLimits None { get; } = new();

    /// <summary>The most connections.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>The most subscriptions of one connection.</summary>
    public int? MaxSubscriptions { get; init; }

    /// <summary>The largest message, in bytes.</summary>
    public int? MaxPayload { get; init; }
}
