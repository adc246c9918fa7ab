using Harmony.Fleet.Contracts.Bus;

namespace Harmony.Fleet.Deploy.NatsServers;

/// <summary>The two accounts. Whoever is in one sees of the other only what is exported and imported.</summary>
public static class AccountNames
{
    /// <summary>Holds every stream and the operator.</summary>
    public const string Control = "CTRL";

    /// <summary>Holds the devices, and no stream: a device's reply subject can never be one that a stream listens on.</summary>
    public const string Devices = "DEV";
}

/// <summary>What one account may take of the server; null is no limit of its own.</summary>
public sealed record AccountLimits
{
    private const int ConnectionsOfADevice = 4;
    private const int SpareConnections = 64;

    /// <summary>No limit.</summary>
    public static AccountLimits None { get; } = new();

    /// <summary>
    /// What devices may take. An agent has one connection, which the server may still hold while the next comes in, about five subscriptions, and documents
    /// of half the payload. However many connections devices open, the operator, in another account, gets in.
    /// </summary>
    public static AccountLimits OfDevices(int count) =>
        new() { MaxConnections = (ConnectionsOfADevice * count) + SpareConnections, MaxSubscriptions = 64, MaxPayload = 2 * WireLimits.MaxDocumentBytes };

    /// <summary>The most connections.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>The most subscriptions of one connection.</summary>
    public int? MaxSubscriptions { get; init; }

    /// <summary>The largest message, in bytes.</summary>
    public int? MaxPayload { get; init; }
}
