using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Operator.Control.Keys;

namespace Harmony.Fleet.Operator.Control.Devices;

/// <summary>What is kept so that devices can be spoken to: their nonces and their keys.</summary>
internal sealed class DeviceContacts(DeviceDirectory directory, DeviceKeyRing keys)
{
    /// <summary>A device said who it is.</summary>
    public void Put(DeviceInfo info) => directory.Put(info.Device, info.CommandNonce);

    /// <summary>A device is gone.</summary>
    public void Forget(DeviceId device)
    {
        directory.Remove(device);
        keys.Forget(device);
    }
}
