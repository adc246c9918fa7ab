using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Control.Devices;

internal sealed partial class DeviceResources
{
    [LoggerMessage(2211, LogLevel.Error, "The store refuses what the operator writes to Device {Device}: {Reason}")]
    private static partial void LogRefused(ILogger logger, DeviceId device, string reason);

    [LoggerMessage(2212, LogLevel.Debug, "Device {Device} was not written; trying again: {Outcome}")]
    private static partial void LogNotWritten(ILogger logger, DeviceId device, object outcome);
}
