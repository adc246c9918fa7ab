using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>What a running stack says of itself.</summary>
public sealed record StackState
{
    /// <summary>How far it is.</summary>
    public StackPhase Phase { get; init; }

    /// <summary>The process that runs it.</summary>
    public required ProcessIdentity Supervisor { get; init; }

    /// <summary>How many devices stand.</summary>
    public int Devices { get; init; }

    /// <summary>The number of devices that was wished for when it last looked.</summary>
    public int Wished { get; init; }

    /// <summary>The number of the request, <see cref="StackWish.Request"/>, that <see cref="Wished"/> and <see cref="Fault"/> are about.</summary>
    public long Request { get; init; }

    /// <summary>Why not all that was wished for stands; null where it does.</summary>
    public string? Fault { get; init; }
}
