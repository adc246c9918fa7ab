namespace Harmony.Fleet.Operator.Control.Informers;

internal sealed partial class DocumentReader
{
    [LoggerMessage(2041, LogLevel.Warning, "Skipped a value of {Bucket} under {Key}: {Reason} (not logged in the minute before: {Suppressed})")]
    private static partial void LogSkipped(ILogger logger, string bucket, string key, string reason, int suppressed);
}
