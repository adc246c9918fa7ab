using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Control.Loop;

internal sealed partial class DeviceLog
{
    [LoggerMessage(2201, LogLevel.Information, "acquired Device {Device}")]
    private static partial void LogAcquired(ILogger logger, DeviceId device);

    [LoggerMessage(2202, LogLevel.Information, "Device {Device} is gone")]
    private static partial void LogGone(ILogger logger, DeviceId device);

    [LoggerMessage(2203, LogLevel.Information, "Device {Device} is reachable")]
    private static partial void LogReachable(ILogger logger, DeviceId device);

    [LoggerMessage(2204, LogLevel.Warning, "Device {Device} is unreachable: its heartbeats are missing")]
    private static partial void LogUnreachable(ILogger logger, DeviceId device);

    [LoggerMessage(2212, LogLevel.Information, "acquired {Count:N0} more Devices, the last {Device}")]
    private static partial void LogManyAcquired(ILogger logger, int count, DeviceId device);

    [LoggerMessage(2213, LogLevel.Information, "{Count:N0} more Devices are gone, the last {Device}")]
    private static partial void LogManyGone(ILogger logger, int count, DeviceId device);

    [LoggerMessage(2214, LogLevel.Information, "{Count:N0} more Devices are reachable, the last {Device}")]
    private static partial void LogManyReachable(ILogger logger, int count, DeviceId device);

    [LoggerMessage(2215, LogLevel.Warning, "{Count:N0} more Devices are unreachable, their heartbeats missing, the last {Device}")]
    private static partial void LogManyUnreachable(ILogger logger, int count, DeviceId device);
}
