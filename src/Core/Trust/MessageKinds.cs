namespace Harmony.Fleet.Core.Trust;

/// <summary>What a MAC was made for: a message of one kind never passes for another.</summary>
public static class MessageKinds
{
    /// <summary>A manifest; signed with <see cref="DeviceKeys.Down"/>.</summary>
    public const string Manifest = "manifest";

    /// <summary>A command; signed with <see cref="DeviceKeys.Down"/>.</summary>
    public const string Command = "command";

    /// <summary>A report; signed with <see cref="DeviceKeys.Up"/>.</summary>
    public const string Report = "report";

    /// <summary>A device's info; signed with <see cref="DeviceKeys.Up"/>.</summary>
    public const string Info = "info";

    /// <summary>A heartbeat; signed with <see cref="DeviceKeys.Up"/>.</summary>
    public const string Heartbeat = "heartbeat";

    /// <summary>A frame of a reply; signed with <see cref="DeviceKeys.Up"/>.</summary>
    public const string Reply = "reply";
}
