using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reconciling;

/// <content>What is logged.</content>
internal sealed partial class Reconciler
{
    [LoggerMessage(EventId = 4121, Level = LogLevel.Error, Message = "Podman does not answer, and is tried again: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(EventId = 4122, Level = LogLevel.Information, Message = "Podman answers again")]
    private partial void LogBack();
}
