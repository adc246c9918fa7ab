using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Keys;

/// <summary>What is kept so that devices can be spoken to: their nonces and their keys.</summary>
internal sealed class DeviceContacts(DeviceDirectory directory, DeviceKeyRing keys)
{
    /// <summary>A device said who it is.</summary>
    public void Keep(DeviceId device, string nonce) => directory.Put(device, nonce);

    /// <summary>A device is gone.</summary>
    public void Forget(DeviceId device)
    {
        directory.Remove(device);
        keys.Forget(device);
    }
}
