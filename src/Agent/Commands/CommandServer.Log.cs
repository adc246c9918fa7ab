using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Commands;

/// <content>What is logged.</content>
internal sealed partial class CommandServer
{
    [LoggerMessage(EventId = 4301, Level = LogLevel.Warning, Message = "A command on {Subject} is not answered: {Reason}")]
    private partial void LogRefused(string subject, string reason);

    [LoggerMessage(EventId = 4302, Level = LogLevel.Information, Message = "Command {Verb} of session {Session}")]
    private partial void LogBegins(string verb, string session);

    [LoggerMessage(EventId = 4304, Level = LogLevel.Information, Message = "The caller of command {Verb}, session {Session}, has gone")]
    private partial void LogEnded(string verb, string session);

    [LoggerMessage(EventId = 4306, Level = LogLevel.Warning, Message = "Command {Verb} of session {Session} came late, nobody waits for it any more: it is not carried out")]
    private partial void LogLate(string verb, string session);

    [LoggerMessage(EventId = 4305, Level = LogLevel.Error, Message = "Command {Verb} of session {Session} failed by a fault of the agent's own")]
    private partial void LogBug(Exception bug, string verb, string session);

    [LoggerMessage(EventId = 4307, Level = LogLevel.Information, Message = "A command on {Subject} is not answered: {Reason}")]
    private partial void LogEarlier(string subject, string reason);
}
