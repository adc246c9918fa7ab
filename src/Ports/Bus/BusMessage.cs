namespace Harmony.Fleet.Ports.Bus;

/// <summary>A message of a subscription.</summary>
/// <param name="Subject">Where it was sent.</param>
/// <param name="Payload">The bytes; the reader's own.</param>
/// <param name="Headers">Its headers.</param>
public readonly record struct BusMessage(string Subject, ReadOnlyMemory<byte> Payload, BusHeaders Headers);
