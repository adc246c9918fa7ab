using Harmony.Fleet.Operator.Hosting;

namespace Harmony.Fleet.Operator.Control.Loop;

/// <summary>Whether the control loop knows all that it must know to do its work.</summary>
/// <param name="state">Its state.</param>
internal sealed class ControlCheck(ControlState state) : IReadinessCheck
{
    /// <inheritdoc/>
    public string Name => "control";

    /// <inheritdoc/>
    public string? Missing() => state.HasCaughtUp ? null : "The control loop has not caught up with the store and the bus yet.";
}
