using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Control.Devices;

internal sealed partial class DeviceBook
{
    [LoggerMessage(2201, LogLevel.Information, "acquired Device {Device}")]
    private static partial void LogAcquired(ILogger logger, DeviceId device);

    [LoggerMessage(2202, LogLevel.Information, "Device {Device} is gone")]
    private static partial void LogGone(ILogger logger, DeviceId device);

    [LoggerMessage(2203, LogLevel.Information, "Device {Device} is reachable")]
    private static partial void LogReachable(ILogger logger, DeviceId device);

    [LoggerMessage(2204, LogLevel.Warning, "Device {Device} is unreachable: its heartbeats are missing")]
    private static partial void LogUnreachable(ILogger logger, DeviceId device);

    [LoggerMessage(2205, LogLevel.Warning, "A large part of the fleet fell silent together; telling so is held back: {Holding}")]
    private static partial void LogHolding(ILogger logger, bool holding);

    [LoggerMessage(2206, LogLevel.Warning, "Two running agents present the identity of Device {Device}: {Duplicate}")]
    private static partial void LogDuplicate(ILogger logger, DeviceId device, bool duplicate);

    [LoggerMessage(2207, LogLevel.Warning, "Device {Device} refused a manifest: {Reason}: {Message}")]
    private static partial void LogRefused(ILogger logger, DeviceId device, RefusalReason reason, string message);

    [LoggerMessage(2208, LogLevel.Warning, "A Device with the unusable name '{Name}' is left alone")]
    private static partial void LogUnusable(ILogger logger, string name);

    [LoggerMessage(2209, LogLevel.Warning, "Device {Device} is invalid; what of it can be used is used: {Errors}")]
    private static partial void LogInvalid(ILogger logger, DeviceId device, string errors);
}
