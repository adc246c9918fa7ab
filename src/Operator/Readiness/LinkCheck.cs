using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Readiness;

/// <summary>Whether the link to NATS is up.</summary>
/// <param name="bus">The bus.</param>
internal sealed class LinkCheck(IBus bus) : IReadinessCheck
{
    /// <inheritdoc/>
    public string Name => "nats";

    /// <inheritdoc/>
    public string? Missing() => bus.Link.IsUp ? null : "There is no connection to NATS.";
}
