namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>How far a stack is.</summary>
public enum StackPhase
{
    /// <summary>Parts are being put in place.</summary>
    Starting,

    /// <summary>All stands.</summary>
    Ready,

    /// <summary>Parts are being ended.</summary>
    Stopping,
}
