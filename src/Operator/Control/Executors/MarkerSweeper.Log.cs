namespace Harmony.Fleet.Operator.Control.Executors;

internal sealed partial class MarkerSweeper
{
    [LoggerMessage(2036, LogLevel.Information, "Removed delete markers from the bucket {Bucket}, whose keys are gone for a while: {Count}")]
    private static partial void LogSwept(ILogger logger, string bucket, int count);

    [LoggerMessage(2037, LogLevel.Information, "The delete markers of the bucket {Bucket} could not all be removed; they are looked for again: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string bucket, string reason);
}
