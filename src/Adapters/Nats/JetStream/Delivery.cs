using Harmony.Fleet.Adapters.Nats.Connection;

namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>What an ordered consumer yields.</summary>
/// <param name="Message">The message; default with <paramref name="IsIdle"/>.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="IsIdle">The server says that it has nothing more to deliver at present.</param>
internal readonly record struct Delivery(NatsMessage Message, DeliveryOrigin Origin, bool IsIdle);
