namespace Harmony.Fleet.Operator.Control.Executors;

internal sealed partial class BucketVerifier
{
    [LoggerMessage(2031, LogLevel.Information, "Created the bucket {Bucket}")]
    private static partial void LogCreated(ILogger logger, string bucket);

    [LoggerMessage(2032, LogLevel.Warning, "Corrected the bucket {Bucket}: {Differences}")]
    private static partial void LogCorrected(ILogger logger, string bucket, string differences);

    [LoggerMessage(2033, LogLevel.Error, "The bucket {Bucket} has settings that cannot be changed in place, and is not used until somebody removes it (it is rebuilt): {Differences}: {Reason}")]
    private static partial void LogMismatch(ILogger logger, string bucket, string differences, string reason);

    [LoggerMessage(2034, LogLevel.Warning, "The bucket {Bucket} could not be verified; trying again: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string bucket, string reason);
}
