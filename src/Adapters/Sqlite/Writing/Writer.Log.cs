using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Sqlite.Writing;

internal sealed partial class Writer
{
    [LoggerMessage(3001, LogLevel.Error, "{Count} writes were undone: {Reason}")]
    private partial void LogUndone(int count, string reason, Exception error);

    [LoggerMessage(3005, LogLevel.Error, "The mark beside the database cannot be written: {Reason}")]
    private partial void LogUnmarked(string reason);

    [LoggerMessage(3006, LogLevel.Critical, "No write is acknowledged any more: {Reason}")]
    private partial void LogMoved(string reason);
}
