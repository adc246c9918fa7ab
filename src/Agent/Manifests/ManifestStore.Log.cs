using Harmony.Fleet.Contracts.Bus;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Manifests;

/// <content>What is logged.</content>
internal sealed partial class ManifestStore
{
    [LoggerMessage(EventId = 4001, Level = LogLevel.Information, Message = "Manifest {Generation} with {Deployments} deployments was held before the start")]
    private partial void LogTakenUp(Generation generation, int deployments);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Information, Message = "Manifest {Generation} with {Deployments} deployments is taken")]
    private partial void LogTaken(Generation generation, int deployments);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Warning, Message = "A manifest is refused ({Reason}): {Text}")]
    private partial void LogRefused(RefusalReason reason, string text);

    [LoggerMessage(EventId = 4004, Level = LogLevel.Error, Message = "Manifest {Generation} is right and cannot be kept, so it is not taken: {Reason}")]
    private partial void LogNotKept(Generation generation, string reason);

    [LoggerMessage(EventId = 4005, Level = LogLevel.Error, Message = "{Reason} What stands on this device stays as it is until its manifest was fetched anew.")]
    private partial void LogCorrupt(string reason);

    [LoggerMessage(EventId = 4006, Level = LogLevel.Warning, Message = "{Mended} The other copy was taken in its place.")]
    private partial void LogMended(string mended);

    [LoggerMessage(EventId = 4007, Level = LogLevel.Warning, Message = "The held manifest {Generation} is not under this device's present keys. What stands stays as it is until its manifest was fetched anew")]
    private partial void LogNotOurs(Generation generation);
}
