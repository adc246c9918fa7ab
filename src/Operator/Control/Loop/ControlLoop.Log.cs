namespace Harmony.Fleet.Operator.Control.Loop;

internal sealed partial class ControlLoop
{
    [LoggerMessage(2301, LogLevel.Information, "The control loop begins its leadership, term {Term}")]
    private static partial void LogBegins(ILogger logger, long term);

    [LoggerMessage(2303, LogLevel.Error, "The store gives no term; trying again: {Reason}")]
    private static partial void LogNoTerm(ILogger logger, string reason);

    [LoggerMessage(2304, LogLevel.Warning, "The clock was put back by {Seconds} s: the operator begins anew from what is stored, and no device is told to be unreachable for that")]
    private static partial void LogPutBack(ILogger logger, long seconds);
}
