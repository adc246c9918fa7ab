using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Effects;

namespace Harmony.Fleet.Operator.Control.Executors;

internal sealed partial class FailureLog
{
    [LoggerMessage(2001, LogLevel.Error, "This failed unexpectedly, and is tried again: {Effect}")]
    private static partial void LogFailed(ILogger logger, FleetEffect effect, Exception error);

    [LoggerMessage(2002, LogLevel.Error, "{Count:N0} more things failed unexpectedly, and are tried again, the last: {Effect}")]
    private static partial void LogManyFailed(ILogger logger, int count, FleetEffect effect, Exception error);

    [LoggerMessage(2003, LogLevel.Warning, "This could not be done, and is tried again: {Effect}: {Reason}")]
    private static partial void LogUndone(ILogger logger, FleetEffect effect, string reason);

    [LoggerMessage(2004, LogLevel.Warning, "{Count:N0} more things could not be done, and are tried again, the last: {Effect}: {Reason}")]
    private static partial void LogManyUndone(ILogger logger, int count, FleetEffect effect, string reason);

    [LoggerMessage(2053, LogLevel.Warning, "Could not store the score {Address}; trying again: {Outcome}")]
    private static partial void LogScoreNotStored(ILogger logger, string address, object outcome);

    [LoggerMessage(2054, LogLevel.Warning, "Could not store {Count:N0} more scores, the last {Address}; trying again: {Outcome}")]
    private static partial void LogScoresNotStored(ILogger logger, int count, string address, object outcome);

    [LoggerMessage(2072, LogLevel.Information, "Manifest {Generation} of {Device} was not stored: the key has revision {Revision} by now; looking again")]
    private static partial void LogConflict(ILogger logger, DeviceId device, Generation generation, ulong revision);

    [LoggerMessage(2075, LogLevel.Information, "{Count:N0} more manifests were not stored, the last {Generation} of {Device}: their keys have other revisions by now; looking again")]
    private static partial void LogConflicts(ILogger logger, int count, Generation generation, DeviceId device);

    [LoggerMessage(2073, LogLevel.Warning, "Could not store manifest {Generation} of {Device}; trying again: {Outcome}")]
    private static partial void LogNotStored(ILogger logger, DeviceId device, Generation generation, object outcome);

    [LoggerMessage(2076, LogLevel.Warning, "Could not store {Count:N0} more manifests, the last {Generation} of {Device}; trying again: {Outcome}")]
    private static partial void LogManyNotStored(ILogger logger, int count, Generation generation, DeviceId device, object outcome);
}
