namespace Harmony.Fleet.Core.Containers;

/// <summary>What a container is doing, in the runtime's eyes.</summary>
public enum ContainerState
{
    /// <summary>A state that this program does not know.</summary>
    Unknown,

    /// <summary>Made, never started.</summary>
    Created,

    /// <summary>Running.</summary>
    Running,

    /// <summary>Paused by somebody.</summary>
    Paused,

    /// <summary>On its way to its end.</summary>
    Stopping,

    /// <summary>Ended.</summary>
    Exited,
}
