using Harmony.Fleet.Contracts.Names;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Scores;

/// <content>What is logged.</content>
internal sealed partial class ScoreCache
{
    [LoggerMessage(EventId = 4041, Level = LogLevel.Error, Message = "The score at {Address} is used and could not be kept, which is tried again: without a network the next start would miss it. {Reason}")]
    private partial void LogNotKept(Digest address, string reason);

    [LoggerMessage(EventId = 4042, Level = LogLevel.Warning, Message = "Scores that nobody needs could not be removed: {Reason}")]
    private partial void LogNotSwept(string reason);

    [LoggerMessage(EventId = 4043, Level = LogLevel.Information, Message = "All scores are kept again")]
    private partial void LogKept();
}
