using Harmony.Fleet.Core.Engine;

namespace Harmony.Fleet.Operator.Control;

/// <summary>The control loop's times and bounds.</summary>
internal sealed record ControlOptions : EngineOptions
{
    /// <summary>How often time alone is looked at.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long the lists and the watches of the store, or the watch of the link, may fail before the operator counts as not ready.</summary>
    public TimeSpan DeafLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often delete markers are looked for in the buckets. Jittered: between half and all of it.</summary>
    public TimeSpan MarkerInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a delete marker stays, by the clocks of this machine and of the server: what was on its way when the key was deleted, and would make one that is gone anew, meets it.</summary>
    public TimeSpan MarkerGrace { get; init; } = TimeSpan.FromHours(1);
}
