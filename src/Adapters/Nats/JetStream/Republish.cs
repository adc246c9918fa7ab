namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>Publishes each message again after it was stored.</summary>
/// <param name="Src">Which ones.</param>
/// <param name="Dest">Where; the wildcards of <paramref name="Src"/> are carried over.</param>
/// <param name="HeadersOnly">Without the payload.</param>
public sealed record Republish(string Src, string Dest, bool HeadersOnly = false);
