using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reporting;

/// <content>What is logged.</content>
internal sealed partial class DocumentReporter<TDocument>
{
    [LoggerMessage(EventId = 4211, Level = LogLevel.Warning, Message = "The document in {Bucket} is not stored, and is tried again: {Reason}")]
    private partial void LogUnavailable(string bucket, string reason);

    [LoggerMessage(EventId = 4212, Level = LogLevel.Error, Message = "The bus rejects the document in {Bucket}; it is tried again: {Reason}")]
    private partial void LogRejected(string bucket, string reason);
}
