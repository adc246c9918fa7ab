namespace Harmony.Fleet.Operator.Control.Executors;

internal sealed partial class MarkerSweeper
{
    [LoggerMessage(2036, LogLevel.Information, "Removed delete markers from the bucket {Bucket}, whose keys are gone for a while: {Count}")]
    private static partial void LogSwept(ILogger logger, string bucket, int count);

    [LoggerMessage(2037, LogLevel.Information, "The delete markers of the bucket {Bucket} could not all be removed; they are looked for again: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string bucket, string reason);

    [LoggerMessage(2038, LogLevel.Warning, "The bucket {Bucket} holds a delete marker under {Key}, which is no key of the fleet: it stays, and others like it do")]
    private static partial void LogForeign(ILogger logger, string bucket, string key);

    [LoggerMessage(2039, LogLevel.Error, "The delete markers of the bucket {Bucket} could not be removed; they are looked for again")]
    private static partial void LogFailed(ILogger logger, string bucket, Exception error);
}
