using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Hosting.Systemd;

/// <content>What is logged.</content>
internal sealed partial class SystemdReporter
{
    [LoggerMessage(EventId = 5011, Level = LogLevel.Information, Message = "Ready")]
    private partial void LogReady();

    [LoggerMessage(EventId = 5012, Level = LogLevel.Critical, Message = "The loop hangs: systemd is given no more signs of life, and starts this program again")]
    private partial void LogHangs();

    [LoggerMessage(EventId = 5013, Level = LogLevel.Information, Message = "The loop turns again")]
    private partial void LogTurns();

    [LoggerMessage(EventId = 5014, Level = LogLevel.Warning, Message = "Systemd cannot be told '{State}': {Reason}")]
    private partial void LogUntold(string state, string reason);
}
