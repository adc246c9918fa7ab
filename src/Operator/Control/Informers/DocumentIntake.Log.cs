namespace Harmony.Fleet.Operator.Control.Informers;

internal sealed partial class DocumentIntake
{
    [LoggerMessage(2042, LogLevel.Warning, "Device {Device} puts more into {Bucket} than is taken in: {Count} documents were held back, its newest is heard from time to time (devices not logged in the minute before: {Suppressed})")]
    private static partial void LogHeldBack(ILogger logger, string device, string bucket, int count, int suppressed);

    [LoggerMessage(2043, LogLevel.Error, "What {Key} holds in {Bucket} could not be read; trying again (not logged in the minute before: {Suppressed})")]
    private static partial void LogNotRead(ILogger logger, string key, string bucket, int suppressed, Exception error);
}
