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

/// <summary>The key-value buckets. A device's key in each is its id.</summary>
public static class BucketNames
{
    /// <summary><see cref="Bus.DeviceInfo"/>, written by the agent at start, on change and on reconnect.</summary>
    public const string DeviceInfo = "device-info";

    /// <summary><see cref="DeviceReport"/>, written by the agent on a change and on reconnect.</summary>
    public const string DeviceState = "device-state";

    /// <summary><see cref="Heartbeat"/>, written by the agent every 30 s; in memory.</summary>
    public const string DeviceHeartbeat = "device-heartbeat";

    /// <summary><see cref="DeviceManifest"/>, written by the operator when its content differs; republished.</summary>
    public const string DesiredState = "desired-state";

    /// <summary>Encrypted scores under the digest of their ciphertext, written once by the operator.</summary>
    public const string Scores = "scores";
}
