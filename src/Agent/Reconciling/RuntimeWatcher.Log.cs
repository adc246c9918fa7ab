using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reconciling;

/// <content>What is logged.</content>
internal sealed partial class RuntimeWatcher
{
    [LoggerMessage(EventId = 4131, Level = LogLevel.Debug, Message = "Something happened to container {Container}")]
    private partial void LogEvent(string container);

    [LoggerMessage(EventId = 4132, Level = LogLevel.Debug, Message = "The runtime's events cannot be heard: {Reason}")]
    private partial void LogBroken(string reason);
}
