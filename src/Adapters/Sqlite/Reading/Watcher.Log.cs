using Harmony.Fleet.Ports.Resources;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Sqlite.Reading;

internal sealed partial class Watcher<T>
{
    [LoggerMessage(3002, LogLevel.Warning, "A watch leaves out the {Kind} {Unreadable}: it is not readable")]
    private static partial void LogLeftOut(ILogger logger, string kind, UnreadableResource unreadable);

    [LoggerMessage(3003, LogLevel.Warning, "A watch leaves out change {Version}, of a {Kind}: it is not readable: {Reason}")]
    private static partial void LogSkipped(ILogger logger, long version, string kind, string reason);
}
