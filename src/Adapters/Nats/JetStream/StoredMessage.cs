using Harmony.Fleet.Adapters.Nats.Protocol;

namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>A message as a stream holds it.</summary>
/// <param name="Subject">Its subject.</param>
/// <param name="Payload">The bytes.</param>
/// <param name="Headers">Its headers; by direct get, with those that the server adds.</param>
/// <param name="Sequence">Its place in the stream.</param>
/// <param name="Time">When it was stored, by the server's clock.</param>
public readonly record struct StoredMessage(string Subject, ReadOnlyMemory<byte> Payload, NatsHeaders? Headers, ulong Sequence, DateTimeOffset Time);
