using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Contracts.Bus;

/// <summary>The subjects outside of the buckets.</summary>
public static class Subjects
{
    /// <summary>Where the bucket <see cref="BucketNames.DesiredState"/> republishes what it stored; the key follows.</summary>
    public const string LiveDesiredPrefix = "live.desired.";

    /// <summary>Every command to every device.</summary>
    public const string AllCommands = "device-commands.>";

    /// <summary>Every reply of every device.</summary>
    public const string AllReplies = "device-replies.>";

    /// <summary>Manifests of <paramref name="device"/>, as they are stored.</summary>
    public static string LiveDesired(DeviceId device) => LiveDesiredPrefix + device;

    /// <summary>Commands of every verb to <paramref name="device"/>.</summary>
    public static string Commands(DeviceId device) => $"device-commands.{device}.*";

    /// <summary>Commands of one <paramref name="verb"/> to <paramref name="device"/>.</summary>
    public static string Command(DeviceId device, string verb) => $"device-commands.{device}.{verb}";

    /// <summary>Frames that answer the command session <paramref name="session"/> of <paramref name="device"/>.</summary>
    public static string Reply(DeviceId device, string session) => $"device-replies.{device}.{session}";
}
