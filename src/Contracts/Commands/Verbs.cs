namespace Harmony.Fleet.Contracts.Commands;

/// <summary>What a device can be asked.</summary>
public static class Verbs
{
    /// <summary>Answer at once: one frame, the last, with a <see cref="PingReply"/>.</summary>
    public const string Ping = "ping";

    /// <summary>A container's log: an empty frame when there is such a container, then frames of bytes.</summary>
    public const string Logs = "logs";

    /// <summary>Grants more frames to a running session, and renews its lease (<see cref="CommandLimits.Lease"/>), also where it grants no more than before.</summary>
    public const string Credit = "credit";
}
