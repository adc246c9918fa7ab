namespace Harmony.Fleet.Operator.Control.Desired;

internal sealed partial class ManifestBook
{
    [LoggerMessage(2081, LogLevel.Information, "Looking at all stored manifests again: {Reason}")]
    private static partial void LogRestarted(ILogger logger, string reason);
}
