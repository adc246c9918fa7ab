using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Keys;

/// <summary>The devices' nonces, written by the control loop and read by whoever speaks to devices.</summary>
internal sealed class DeviceDirectory : IDeviceDirectory
{
    private readonly ConcurrentDictionary<DeviceId, string> nonces = new();

    /// <inheritdoc/>
    public bool TryGetCommandNonce(DeviceId device, [NotNullWhen(true)] out string? nonce) => nonces.TryGetValue(device, out nonce);

    /// <summary>A device said who it is.</summary>
    public void Put(DeviceId device, string nonce) => nonces[device] = nonce;

    /// <summary>A device is gone.</summary>
    public void Remove(DeviceId device) => nonces.TryRemove(device, out _);
}
