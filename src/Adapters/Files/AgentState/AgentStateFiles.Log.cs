using Harmony.Fleet.Contracts.Names;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Files.AgentState;

/// <content>What is logged.</content>
public sealed partial class AgentStateFiles
{
    [LoggerMessage(EventId = 3201, Level = LogLevel.Error, Message = "State file {File} is damaged: {Fault}. It is put aside")]
    private partial void LogDamaged(string file, string fault);

    [LoggerMessage(EventId = 3202, Level = LogLevel.Warning, Message = "The second copy of the state could not be mended")]
    private partial void LogNotMended(Exception error);

    [LoggerMessage(EventId = 3203, Level = LogLevel.Warning, Message = "Kept score {Address} is damaged; it is fetched anew")]
    private partial void LogScoreDamaged(Digest address);

    [LoggerMessage(EventId = 3204, Level = LogLevel.Warning, Message = "Kept score {Address} cannot be read")]
    private partial void LogScoreUnreadable(Digest address, Exception error);

    [LoggerMessage(EventId = 3205, Level = LogLevel.Error, Message = "State file {File} is damaged: {Fault}. It cannot be put aside")]
    private partial void LogNotAside(string file, string fault, Exception error);

    [LoggerMessage(EventId = 3206, Level = LogLevel.Error, Message = "{Path} was in the way of what is kept there: it was put aside as {Aside}")]
    private partial void LogInTheWay(string path, string aside);

    [LoggerMessage(EventId = 3207, Level = LogLevel.Error, Message = "{Path} may be in the way of what is kept there, and cannot be put aside")]
    private partial void LogNotCleared(string path, Exception error);

    [LoggerMessage(EventId = 3208, Level = LogLevel.Warning, Message = "The count of starts in {File} cannot be read: {Fault}. It goes on from the clock")]
    private partial void LogBootLost(string file, string fault);
}
