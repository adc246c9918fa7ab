using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Scores;

/// <content>What is logged.</content>
internal sealed partial class ScoreFetcher
{
    [LoggerMessage(EventId = 4051, Level = LogLevel.Warning, Message = "The score at {Address} is not to be had, and is tried again: {Reason}")]
    private partial void LogMissing(string address, string reason);
}
