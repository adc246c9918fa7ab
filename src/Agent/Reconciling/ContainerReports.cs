using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Agent.Reconciling;

/// <summary>What a report says of containers.</summary>
internal static class ContainerReports
{
    /// <summary>The report of <paramref name="container"/>.</summary>
    public static ContainerReport Of(ObservedContainer container) => new()
    {
        Name = container.Labels.GetValueOrDefault(ContainerLabels.Container) ?? container.Name,
        Id = container.Id,
        State = container.StateText,
        Restarts = container.Restarts,
        StartedAt = container.StartedAt,
        ExitCode = container.State == ContainerState.Exited ? container.ExitCode : null,
    };
}
