namespace Harmony.Fleet.Contracts.Commands;

/// <summary>What a device can be asked.</summary>
public static class Verbs
{
    /// <summary>Answer at once: one frame with a <see cref="PingReply"/>.</summary>
    public const string Ping = "ping";

    /// <summary>A container's log: frames of bytes.</summary>
    public const string Logs = "logs";

    /// <summary>Grants more frames to a running session.</summary>
    public const string Credit = "credit";
}
