namespace Harmony.Fleet.Contracts.Bus;

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

    /// <summary>Chunks <c>&lt;sha256&gt;.&lt;n&gt;</c> of signed binaries, written by the operator.</summary>
    public const string Artifacts = "artifacts";
}
