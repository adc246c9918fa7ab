namespace Harmony.Fleet.Operator.Control.Feeds;

internal sealed partial class BucketFeed
{
    [LoggerMessage(2021, LogLevel.Warning, "The watch of the bucket {Bucket} failed; it begins again")]
    private static partial void LogWatchFailed(ILogger logger, string bucket, Exception error);
}
