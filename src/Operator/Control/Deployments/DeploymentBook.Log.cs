using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Operator.Control.Deployments;

internal sealed partial class DeploymentBook
{
    private static void LogAcquired(ILogger logger, DeploymentKey key, Deployment resource)
    {
        var count = resource.Spec.Score.PodmanV0?.Containers.Length ?? 0;
        var selector = Selector.TryCompile(resource.Spec.TargetSelector) is SelectorOutcome.Compiled compiled ? compiled.Selector.ToString() : "invalid";
        LogAcquired(logger, key, resource.Metadata.Generation, count == 1 ? "1 container" : $"{count} containers", selector);
    }

    [LoggerMessage(2101, LogLevel.Information, "acquired Deployment {Key} (generation {Generation}, {Containers}, selector {Selector})")]
    private static partial void LogAcquired(ILogger logger, DeploymentKey key, long generation, string containers, string selector);

    [LoggerMessage(2102, LogLevel.Warning, "Deployment {Key} (generation {Generation}) is invalid; what was carried out of it so far stays: {Errors}")]
    private static partial void LogInvalid(ILogger logger, DeploymentKey key, long generation, string errors);

    [LoggerMessage(2103, LogLevel.Information, "Deployment {Key} is being deleted: it leaves the manifests of its devices")]
    private static partial void LogDeleting(ILogger logger, DeploymentKey key);

    [LoggerMessage(2104, LogLevel.Information, "Deployment {Key} is gone")]
    private static partial void LogGone(ILogger logger, DeploymentKey key);

    [LoggerMessage(2105, LogLevel.Warning, "A Deployment with the unusable name '{Namespace}/{Name}' is left alone")]
    private static partial void LogUnusable(ILogger logger, string @namespace, string name);
}
