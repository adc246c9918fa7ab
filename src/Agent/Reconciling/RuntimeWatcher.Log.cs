using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reconciling;

/// <content>What is logged.</content>
internal sealed partial class RuntimeWatcher
{
    [LoggerMessage(EventId = 4132, Level = LogLevel.Warning, Message = "Podman's events cannot be heard, and so containers are looked at on a timer only: {Reason}")]
    private partial void LogBroken(string reason);
}
