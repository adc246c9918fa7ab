using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Output;

/// <summary>The tables of <c>fleet get</c>.</summary>
internal static class ResourceColumns
{
    /// <summary>The columns of Deployments.</summary>
    public static ImmutableArray<Column<Deployment>> Deployments { get; } =
    [
        new("NAME", (deployment, _) => deployment.Metadata.Name),
        new("STATUS", (deployment, _) => DeploymentState.Word(deployment)),
        new("DEVICES", (deployment, _) => Count(deployment, aggregate => aggregate.MatchedDeviceCount)),
        new("SUCCEEDED", (deployment, _) => Count(deployment, aggregate => aggregate.Succeeded)),
        new("FAILED", (deployment, _) => Count(deployment, aggregate => aggregate.Failed)),
        new("PENDING", (deployment, _) => Count(deployment, aggregate => aggregate.Pending)),
        new("UNREACHABLE", (deployment, _) => Count(deployment, aggregate => aggregate.Unreachable)),
        new("AGE", (deployment, now) => Age.Of(deployment.Metadata.CreationTimestamp, now)),
    ];

    /// <summary>The columns of Devices.</summary>
    public static ImmutableArray<Column<Device>> Devices { get; } =
    [
        new("NAME", (device, _) => device.Metadata.Name),
        new("STATUS", (device, _) => DeviceState.Word(device)),
        new("AGENT", (device, _) => Known(device.Status?.AgentVersion)),
        new("ARCH", (device, _) => Known(device.Spec.Inventory?.Architecture)),
        new("OS", (device, _) => Known(device.Spec.Inventory?.OperatingSystem)),
        new("LABELS", (device, _) => DeviceState.Labels(device)),
        new("AGE", (device, now) => Age.Of(device.Metadata.CreationTimestamp, now)),
    ];

    private static Cell Count(Deployment deployment, Func<DeploymentAggregate, int> of) =>
        deployment.Status is { } status ? $"{of(status.Aggregate)}" : "-";

    private static string Known(string? text) => string.IsNullOrEmpty(text) ? "-" : text;
}
