using Harmony.Fleet.Adapters.Nats.Protocol;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>What the server complained about while the connection stands on.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Subject">The subject that it names; null where it names none.</param>
/// <param name="Message">Its words.</param>
public sealed record ServerNotice(ServerErrorKind Kind, string? Subject, string Message);
