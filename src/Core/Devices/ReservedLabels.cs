using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Devices;

/// <summary>Labels that the control plane alone sets, from the authenticated identity: neither a device nor an administrator may.</summary>
public static class ReservedLabels
{
    /// <summary>Whether <paramref name="key"/> is one of them.</summary>
    public static bool Contains(string key) =>
        key is ApiGroup.DeviceIdLabel || key.StartsWith(ApiGroup.LabelPrefix, StringComparison.Ordinal);
}
