namespace Harmony.Fleet.Operator.Control.Deployments;

internal sealed partial class DeploymentWriter
{
    [LoggerMessage(2111, LogLevel.Error, "The store refuses what the operator writes to Deployment {Namespace}/{Name}: {Reason}")]
    private static partial void LogRefused(ILogger logger, string @namespace, string name, string reason);
}
