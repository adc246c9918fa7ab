using Harmony.Fleet.Adapters.Nats.Protocol;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>What a handshake leaves.</summary>
/// <param name="Transport">The connection.</param>
/// <param name="Received">What the server sent beyond the handshake.</param>
/// <param name="Info">What it says of itself.</param>
/// <param name="Limits">What it may send.</param>
internal sealed record Established(Transport Transport, ReceiveBuffer Received, ServerInfo Info, FrameLimits Limits);
