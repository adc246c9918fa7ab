using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Reconciling;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reconciling;

/// <content>What is logged.</content>
internal sealed partial class Workers
{
    [LoggerMessage(EventId = 4101, Level = LogLevel.Information, Message = "Plan: {Plan}")]
    private partial void LogBegins(DeploymentPlan plan);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Error, Message = "A bug while working on {Deployment}")]
    private partial void LogBug(DeploymentKey deployment, Exception error);
}
