using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reporting;

/// <content>What is logged.</content>
internal sealed partial class LinkWatcher
{
    [LoggerMessage(EventId = 4201, Level = LogLevel.Information, Message = "The bus is there: {Detail}")]
    private partial void LogUp(string detail);

    [LoggerMessage(EventId = 4202, Level = LogLevel.Warning, Message = "The bus is away; what stands goes on: {Detail}")]
    private partial void LogDown(string detail);
}
