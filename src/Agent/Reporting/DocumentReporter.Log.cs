using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reporting;

/// <content>What is logged.</content>
internal abstract partial class DocumentReporter
{
    [LoggerMessage(EventId = 4211, Level = LogLevel.Warning, Message = "The document in {Bucket} is not stored, and is tried again: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string bucket, string reason);

    [LoggerMessage(EventId = 4212, Level = LogLevel.Error, Message = "The bus rejects the document in {Bucket}; it is tried again: {Reason}")]
    private static partial void LogRejected(ILogger logger, string bucket, string reason);
}
