using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Manifests;

/// <content>What is logged.</content>
internal sealed partial class ManifestListener
{
    [LoggerMessage(EventId = 4021, Level = LogLevel.Information, Message = "The bus holds no manifest for this device: what stands stays as it is")]
    private partial void LogMissing();

    [LoggerMessage(EventId = 4022, Level = LogLevel.Warning, Message = "The manifest cannot be read, and is tried again: {Reason}")]
    private partial void LogUnavailable(string reason);
}
