namespace Harmony.Fleet.Operator.Control.Executors;

internal sealed partial class BusExecutor
{
    [LoggerMessage(2061, LogLevel.Information, "Removed the score {Address}, which no deployment has named for a while: {Outcome}")]
    private static partial void LogRemoved(ILogger logger, string address, object outcome);
}
