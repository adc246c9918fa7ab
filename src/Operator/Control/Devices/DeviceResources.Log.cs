using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Control.Devices;

internal sealed partial class DeviceResources
{
    [LoggerMessage(2211, LogLevel.Error, "The store refuses what the operator writes to Device {Device}: {Reason}")]
    private static partial void LogRefused(ILogger logger, DeviceId device, string reason);
}
