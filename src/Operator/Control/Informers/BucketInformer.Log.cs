namespace Harmony.Fleet.Operator.Control.Informers;

internal sealed partial class BucketInformer
{
    [LoggerMessage(2021, LogLevel.Warning, "The watch of the bucket {Bucket} failed; it begins again")]
    private static partial void LogWatchFailed(ILogger logger, string bucket, Exception error);
}
