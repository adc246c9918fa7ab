namespace Harmony.Fleet.Operator.Control.Work;

internal sealed partial class WorkRunner
{
    [LoggerMessage(2001, LogLevel.Error, "A write failed unexpectedly; it is tried again")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
