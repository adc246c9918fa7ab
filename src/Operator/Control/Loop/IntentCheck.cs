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
    public string? Missing() => engine.LostWords is { } lost
        ? $"IntentLost: devices run what the store does not hold, and was not deleted: {lost}. Nothing of it is touched. See them with 'fleet recover'; take them back with 'fleet recover --adopt', or remove them with 'fleet recover --drop'."
        : null;
}
