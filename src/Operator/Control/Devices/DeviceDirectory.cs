using System.Collections.Concurrent;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Control.Devices;

/// <summary>The contacts, written by the control loop and read by whoever speaks to devices.</summary>
internal sealed class DeviceDirectory : IDeviceDirectory
{
    private readonly ConcurrentDictionary<DeviceId, DeviceContact> contacts = new();

    /// <inheritdoc/>
    public DeviceContact? Find(DeviceId device) => contacts.GetValueOrDefault(device);

    /// <summary>A device said who it is.</summary>
    public void Put(DeviceContact contact) => contacts[contact.Device] = contact;

    /// <summary>A device is gone.</summary>
    public void Remove(DeviceId device) => contacts.TryRemove(device, out _);
}
