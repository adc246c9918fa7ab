using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Nats.KeyValue;

internal sealed partial class BucketWatch
{
    [LoggerMessage(EventId = 3122, Level = LogLevel.Warning, Message = "The watch of {Stream} was lost and begins again: {Reason}")]
    private partial void LogLost(string stream, string reason);
}
