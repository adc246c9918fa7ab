using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Control.Loop;

internal sealed partial class NoticeLog
{
    [LoggerMessage(2081, LogLevel.Information, "Looking at all stored manifests again: {Reason}")]
    private static partial void LogRestarted(ILogger logger, string reason);

    [LoggerMessage(2101, LogLevel.Information, "acquired Deployment {Key} (generation {Generation}, {Containers}, selector {Selector})")]
    private static partial void LogDeploymentAcquired(ILogger logger, DeploymentKey key, long generation, string containers, string selector);

    [LoggerMessage(2102, LogLevel.Warning, "Deployment {Key} (generation {Generation}) is invalid; what was carried out of it so far stays: {Errors}")]
    private static partial void LogDeploymentInvalid(ILogger logger, DeploymentKey key, long generation, string errors);

    [LoggerMessage(2103, LogLevel.Information, "Deployment {Key} is being deleted: it leaves the manifests of its devices")]
    private static partial void LogDeploymentDeleting(ILogger logger, DeploymentKey key);

    [LoggerMessage(2104, LogLevel.Information, "Deployment {Key} is gone")]
    private static partial void LogDeploymentGone(ILogger logger, DeploymentKey key);

    [LoggerMessage(2105, LogLevel.Warning, "A {Kind} with the unusable name '{Name}' is left alone")]
    private static partial void LogUnusable(ILogger logger, string kind, string name);

    [LoggerMessage(2106, LogLevel.Error, "IntentLost: Deployment {Key} is in the manifests of devices ({Devices} so far) and not in the store, which knows of no deletion; it stays there until 'fleet recover' decides, or it is applied again")]
    private static partial void LogIntentLost(ILogger logger, DeploymentKey key, int devices);

    [LoggerMessage(2111, LogLevel.Error, "The store refuses what the operator writes to {Resource}: {Reason}")]
    private static partial void LogWriteRefused(ILogger logger, string resource, string reason);

    [LoggerMessage(2208, LogLevel.Information, "Device {Device} is being deleted: what is on the bus of it is removed first")]
    private static partial void LogDeviceDeleting(ILogger logger, DeviceId device);

    [LoggerMessage(2205, LogLevel.Warning, "A large part of the fleet fell silent together; telling so is held back: {Holding}")]
    private static partial void LogHolding(ILogger logger, bool holding);

    [LoggerMessage(2206, LogLevel.Warning, "Two running agents present the identity of Device {Device}: {Duplicate} ({Suppressed} such lines of it were left out)")]
    private static partial void LogDuplicate(ILogger logger, DeviceId device, bool duplicate, int suppressed);

    [LoggerMessage(2207, LogLevel.Warning, "Device {Device} refused a manifest: {Reason}: {Message} ({Suppressed} such lines of it were left out)")]
    private static partial void LogManifestRefused(ILogger logger, DeviceId device, RefusalReason reason, string message, int suppressed);

    [LoggerMessage(2216, LogLevel.Warning, "Device {Device} holds a manifest that is not known, and says that it runs {Deployments}, which was lost or cannot be judged: it is given no manifest until that is decided; see 'fleet recover' ({Suppressed} such lines of it were left out)")]
    private static partial void LogManifestHeld(ILogger logger, DeviceId device, string deployments, int suppressed);

    [LoggerMessage(2209, LogLevel.Warning, "Device {Device} is invalid; what of it can be used is used: {Errors} ({Suppressed} such lines of it were left out)")]
    private static partial void LogDeviceInvalid(ILogger logger, DeviceId device, string errors, int suppressed);

    [LoggerMessage(2210, LogLevel.Information, "A document {Order} of Device {Device} is older than what is known of it (boot {Known}), and no news ({Suppressed} such lines of it were left out)")]
    private static partial void LogOutdated(ILogger logger, DeviceId device, DocumentOrder order, long known, int suppressed);

    [LoggerMessage(2211, LogLevel.Warning, "This process stood still for {Seconds} s: no device is told to be unreachable for that time")]
    private static partial void LogWoke(ILogger logger, long seconds);

    [LoggerMessage(2302, LogLevel.Error, "{Subject} could not be handled; the rest goes on")]
    private static partial void LogPoisoned(ILogger logger, string subject, Exception error);
}
