using Harmony.Fleet.Adapters.Nats.Protocol;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>Why a session ended.</summary>
/// <param name="Reason">One sentence, for the log and the link's state.</param>
/// <param name="Error">The server's own words, when it said any.</param>
internal sealed record SessionEnd(string Reason, ServerError? Error = null);
