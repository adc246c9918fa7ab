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

    /// <summary>Being removed, or left over from a removal that was cut off.</summary>
    Removing,

    /// <summary>It is there, and the runtime cannot show more of it now.</summary>
    Unreadable,

    /// <summary>It is there, and what it consists of is not: it cannot run again.</summary>
    Damaged,
}
