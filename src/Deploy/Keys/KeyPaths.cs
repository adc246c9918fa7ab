using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Deploy.Keys;

/// <summary>Where keys are kept.</summary>
internal static class KeyPaths
{
    /// <summary>The control plane's master key.</summary>
    public const string Master = "keys/master.key";

    /// <summary>The operator's nkey seed.</summary>
    public const string OperatorSeed = "keys/operator.nk";

    /// <summary>The token of the operator's API.</summary>
    public const string ApiToken = "keys/api.token";

    /// <summary>A device's nkey seed: made on the device, it never leaves it.</summary>
    public static string DeviceSeed(DeviceId device) => $"devices/{device}/device.nk";

    /// <summary>The keys that a device shares with the control plane.</summary>
    public static string DeviceKeys(DeviceId device) => $"devices/{device}/device.key";
}
