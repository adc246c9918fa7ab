namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>Asks for a consumer.</summary>
internal sealed record ConsumerRequest(string StreamName, ConsumerConfig Config);
