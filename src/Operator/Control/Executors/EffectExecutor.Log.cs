namespace Harmony.Fleet.Operator.Control.Executors;

internal sealed partial class EffectExecutor
{
    [LoggerMessage(2001, LogLevel.Error, "This failed unexpectedly, and is tried again: {Effect}")]
    private static partial void LogFailed(ILogger logger, Core.Effects.FleetEffect effect, Exception error);
}
