using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Control.Devices;

/// <summary>How to speak to a device right now. Safe for several threads.</summary>
internal interface IDeviceDirectory
{
    /// <summary>What the device last said of itself, its MAC verified; null while it has said nothing.</summary>
    DeviceContact? Find(DeviceId device);
}
