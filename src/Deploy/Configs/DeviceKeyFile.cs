using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Deploy.Configs;

/// <summary>The file with the keys that a device shares with the control plane.</summary>
internal sealed record DeviceKeyFile
{
    /// <summary>Whose keys.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>Counts the changes of keys, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>For what the control plane sends: 32 bytes, base64.</summary>
    public required byte[] DownKey { get; init; }

    /// <summary>For what the device sends: 32 bytes, base64.</summary>
    public required byte[] UpKey { get; init; }

    /// <summary>The file for <paramref name="device"/>.</summary>
    public static DeviceKeyFile Of(DeviceId device, DeviceKeys keys) =>
        new() { Device = device, Epoch = keys.Epoch, DownKey = keys.Down, UpKey = keys.Up };

    /// <summary>Whether both hold the same.</summary>
    public bool IsSameAs(DeviceKeyFile other) =>
        Device == other.Device && Epoch == other.Epoch && DownKey.AsSpan().SequenceEqual(other.DownKey) && UpKey.AsSpan().SequenceEqual(other.UpKey);

    /// <summary>Never the keys.</summary>
    public override string ToString() => $"DeviceKeyFile {{ Device = {Device}, Epoch = {Epoch}, *** }}";
}
