using Harmony.Fleet.Contracts.Names;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Scores;

/// <content>What is logged.</content>
internal sealed partial class ScoreCache
{
    [LoggerMessage(EventId = 4041, Level = LogLevel.Error, Message = "Score {Score} is used and could not be kept: without a network the next start will miss it. {Reason}")]
    private partial void LogNotKept(Digest score, string reason);

    [LoggerMessage(EventId = 4042, Level = LogLevel.Warning, Message = "Scores that nobody needs could not be removed: {Reason}")]
    private partial void LogNotSwept(string reason);
}
