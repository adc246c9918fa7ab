namespace Harmony.Fleet.Adapters.Nats.Protocol;

/// <summary>How much a server may send at a time.</summary>
/// <param name="MaxControlLine">The longest line.</param>
/// <param name="MaxInfoLine">The longest INFO line.</param>
/// <param name="MaxMessageBytes">The largest message, headers counted.</param>
internal readonly record struct FrameLimits(int MaxControlLine, int MaxInfoLine, int MaxMessageBytes);
