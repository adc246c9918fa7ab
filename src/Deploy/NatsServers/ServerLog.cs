using System.Collections.Immutable;

namespace Harmony.Fleet.Deploy.NatsServers;

/// <summary>What a nats-server says in its log.</summary>
internal static class ServerLog
{
    /// <summary>What it says anew for each client that is refused, or thrown out: it has no setting that makes these fewer.</summary>
    public static ImmutableArray<string> CountedWords { get; } =
    [
        "authentication error", "Authentication Timeout", "TLS handshake error", "parser ERROR", "maximum connections exceeded", "maximum account active connections",
        "Violation", "maximum subscriptions", "maximum payload", "Slow Consumer",
    ];
}
