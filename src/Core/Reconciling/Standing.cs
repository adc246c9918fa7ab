namespace Harmony.Fleet.Core.Reconciling;

/// <summary>How a container stands, measured by its restart policy.</summary>
public enum Standing
{
    /// <summary>It runs.</summary>
    Up,

    /// <summary>It ended with 0, as its policy allows.</summary>
    Done,

    /// <summary>It ended otherwise, and its policy does not want it started again.</summary>
    Broken,

    /// <summary>It should run and does not: it is to be started.</summary>
    Startable,

    /// <summary>It ended a moment ago: the runtime may be about to start it again, or somebody to remove it.</summary>
    Ending,

    /// <summary>Somebody paused it: only a new one brings it back.</summary>
    Paused,

    /// <summary>It is on its way, or in a state that says nothing: look again later.</summary>
    Unclear,
}
