using Harmony.Fleet.Core.Engine;

namespace Harmony.Fleet.Operator.Control;

/// <summary>The control loop's times and bounds.</summary>
internal sealed record ControlOptions : EngineOptions
{
    /// <summary>How often time alone is looked at.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(200);
}
