using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reporting;

/// <content>What is logged.</content>
internal sealed partial class DocumentCounter
{
    [LoggerMessage(EventId = 4221, Level = LogLevel.Warning, Message = "The count of starts cannot be kept, and the next start goes by the clock: {Reason}")]
    private partial void LogNotKept(string reason);
}
