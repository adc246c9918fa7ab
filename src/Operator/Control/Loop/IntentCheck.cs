using Harmony.Fleet.Operator.Readiness;

namespace Harmony.Fleet.Operator.Control.Loop;

/// <summary>Whether the store holds all that devices were given by this control plane.</summary>
/// <param name="engine">What is known of the engine.</param>
internal sealed class IntentCheck(EngineView engine) : IReadinessCheck
{
    /// <inheritdoc/>
    public string Name => "intent";

    /// <summary>Who mends it needs the operator.</summary>
    public bool IsWarning => true;

    /// <inheritdoc/>
    public string? Missing() => engine.Lost is { } lost
        ? $"IntentLost: devices run what the store does not hold, and was not deleted: {lost}. Nothing of it is touched. Put the store's latest copy back, or apply these deployments again (and delete those that should go)."
        : null;
}
