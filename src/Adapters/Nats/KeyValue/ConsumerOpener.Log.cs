using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Nats.KeyValue;

internal sealed partial class ConsumerOpener
{
    [LoggerMessage(EventId = 3121, Level = LogLevel.Warning, Message = "The watch of {Stream} cannot begin yet: {Reason}")]
    private partial void LogWaiting(string stream, string? reason);
}
