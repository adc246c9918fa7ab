using Harmony.Fleet.Operator.Readiness;

namespace Harmony.Fleet.Operator.Control.Loop;

/// <summary>Whether the engine knows all that it must know to do its work.</summary>
/// <param name="engine">What is known of it.</param>
internal sealed class ControlCheck(EngineView engine) : IReadinessCheck
{
    /// <inheritdoc/>
    public string Name => "control";

    /// <inheritdoc/>
    public string? Missing() => engine.HasCaughtUp ? null
        : $"The control loop has not caught up with the store and the bus yet ({engine.Progress}){(engine.Anew is { } why ? $": it began anew, since {why}" : string.Empty)}.";
}
