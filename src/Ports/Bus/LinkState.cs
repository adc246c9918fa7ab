namespace Harmony.Fleet.Ports.Bus;

/// <summary>Whether the bus is there.</summary>
/// <param name="IsUp">Whether a connection stands.</param>
/// <param name="Connects">How many times one was made so far: a new number is a new connection.</param>
/// <param name="Detail">The server when up; the reason when down.</param>
public sealed record LinkState(bool IsUp, long Connects, string Detail);
