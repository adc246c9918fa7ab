using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Devices;

/// <summary>A device that turned.</summary>
/// <param name="Device">Which.</param>
/// <param name="IsReachable">What it is now.</param>
public readonly record struct ReachabilityChange(DeviceId Device, bool IsReachable);
