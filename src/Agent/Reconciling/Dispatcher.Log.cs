using Harmony.Fleet.Contracts.Names;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reconciling;

/// <content>What is logged.</content>
internal sealed partial class Dispatcher
{
    [LoggerMessage(EventId = 4111, Level = LogLevel.Warning, Message = "{Deployment} failed, and is tried again later: {Error}")]
    private partial void LogFailed(DeploymentKey deployment, string error);
}
