using Harmony.Fleet.Contracts.Bus;

namespace Harmony.Fleet.Deploy.NatsServers;

/// <summary>What one account may take of the server; null is no limit of its own.</summary>
public sealed record AccountLimits
{
    private const int ConnectionsOfADevice = 2;
    private const int SpareConnections = 16;

    /// <summary>No limit.</summary>
    public static AccountLimits None { get; } = new();

    /// <summary>
    /// What devices may take. An agent has one connection, which the server may still hold while the next comes in, about five subscriptions, and documents
    /// of half the payload. However many connections devices open, the operator, in another account, gets in.
    /// </summary>
    public static AccountLimits OfDevices(int count) =>
        new() { MaxConnections = (ConnectionsOfADevice * count) + SpareConnections, MaxSubscriptions = 64, MaxPayload = 2 * WireLimits.MaxDocumentBytes };

    /// <summary>What the control plane may take: the operator's few connections, with a subscription for each watch and each session with a device.</summary>
    public static AccountLimits OfControl { get; } = new() { MaxConnections = 64, MaxSubscriptions = 10_000 };

    /// <summary>The most connections.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>The most subscriptions of one connection.</summary>
    public int? MaxSubscriptions { get; init; }

    /// <summary>The largest message, in bytes.</summary>
    public int? MaxPayload { get; init; }
}

/// <summary>What all connections to a server may take, whatever their account, and those that have not logged in yet.</summary>
public sealed record ServerLimits
{
    /// <summary>Those who have not logged in yet, while a whole fleet comes back.</summary>
    private const int SpareConnections = 1024;

    /// <summary>Limits of a fleet with so many devices.</summary>
    public static ServerLimits Of(int devices) => new()
    {
        MaxConnections = AccountLimits.OfDevices(devices).MaxConnections!.Value + AccountLimits.OfControl.MaxConnections!.Value + SpareConnections,
    };

    /// <summary>The most connections.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>The largest message, in bytes: a document of the bus, or a page of what JetStream's API answers.</summary>
    public int MaxPayload { get; init; } = 1024 * 1024;

    /// <summary>The most bytes that wait for one connection, which is cut off beyond: less than two of the largest messages would cut off those who read.</summary>
    public int MaxPending { get; init; } = 4 * 1024 * 1024;

    /// <summary>How long one write to a connection may take, before it is cut off.</summary>
    public TimeSpan WriteDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may take to log in.</summary>
    public TimeSpan LoginTimeout { get; init; } = TimeSpan.FromSeconds(15);
}
