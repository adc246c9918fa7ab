namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>What an ordered consumer reads.</summary>
/// <param name="Stream">From where.</param>
/// <param name="Filter">Only these subjects: last-per-subject demands a filter.</param>
/// <param name="HeadersOnly">Without payloads.</param>
internal sealed record OrderedConsumerRequest(string Stream, string Filter, bool HeadersOnly);
