namespace Harmony.Fleet.Operator.Control.Loop;

internal sealed partial class ControlLoop
{
    [LoggerMessage(2301, LogLevel.Information, "The control loop begins its leadership, term {Term}")]
    private static partial void LogBegins(ILogger logger, long term);

    [LoggerMessage(2303, LogLevel.Error, "The store gives no term; trying again: {Reason}")]
    private static partial void LogNoTerm(ILogger logger, string reason);
}
