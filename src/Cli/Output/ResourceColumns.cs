using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Output;

/// <summary>The tables of <c>fleet get</c>.</summary>
internal static class ResourceColumns
{
    private static readonly ColumnShape Name = new("NAME") { Least = 16, CutsMiddle = true };

    /// <summary>The columns of Deployments.</summary>
    public static ImmutableArray<Column<Deployment>> Deployments { get; } =
    [
        new(Name, (deployment, _) => deployment.Metadata.Name),
        new(new("STATUS"), (deployment, _) => DeploymentState.Word(deployment)),
        new(new("SUCCEEDED") { IsNumber = true }, (deployment, _) => Count(deployment, aggregate => $"{aggregate.Succeeded}/{aggregate.MatchedDeviceCount}")),
        new(new("FAILED") { IsNumber = true, Rank = 1 }, (deployment, _) => Count(deployment, aggregate => $"{aggregate.Failed}")),
        new(new("PENDING") { IsNumber = true, Rank = 4 }, (deployment, _) => Count(deployment, aggregate => $"{aggregate.Pending}")),
        new(new("UNREACHABLE") { IsNumber = true, Rank = 3 }, (deployment, _) => Count(deployment, aggregate => $"{aggregate.Unreachable}")),
        new(new("AGE") { Rank = 2 }, (deployment, facts) => Age.Of(deployment.Metadata.CreationTimestamp, facts.Now)),
        new(new("GENERATION") { IsNumber = true }, (deployment, _) => $"{deployment.Metadata.Generation}") { IsWide = true },
        new(new("IMAGES"), (deployment, _) => Listed(deployment.Spec.Score.PodmanV0?.Containers.Select(container => container.Image))) { IsWide = true },
        new(new("SELECTOR"), (deployment, _) => DeploymentState.Selector(deployment)) { IsWide = true },
    ];

    /// <summary>The columns of Devices; those whose cells have blanks in them come last, so that programs find the others by their number.</summary>
    public static ImmutableArray<Column<Device>> Devices { get; } =
    [
        new(Name, (device, _) => device.Metadata.Name),
        new(new("STATUS") { Least = 12 }, (device, _) => DeviceState.Word(device)),
        new(new("LAST SEEN") { Rank = 1 }, (device, facts) => facts.Seen(device)),
        new(new("AGENT") { Rank = 2, Least = 8 }, (device, _) => Known(device.Status?.AgentVersion)),
        new(new("ARCH") { Rank = 4 }, (device, _) => Known(device.Spec.Inventory?.Architecture)),
        new(new("AGE") { Rank = 3 }, (device, facts) => Age.Of(device.Metadata.CreationTimestamp, facts.Now)),
        new(new("LABELS") { Rank = 5, Least = 12 }, (device, _) => DeviceState.Labels(device)),
        new(new("PODMAN"), (device, _) => Known(device.Spec.Inventory?.PodmanVersion)) { IsWide = true },
        new(new("KERNEL"), (device, _) => Known(device.Spec.Inventory?.Kernel)) { IsWide = true },
        new(new("CPUS") { IsNumber = true }, (device, _) => device.Spec.Inventory is { Cpus: > 0 and var cpus } ? $"{cpus}" : "-") { IsWide = true },
        new(new("MODEL"), (device, _) => Known(device.Spec.Inventory?.Model)) { IsWide = true },
        new(new("OS") { Rank = 6, Least = 12 }, (device, _) => Known(device.Spec.Inventory?.OperatingSystem)),
    ];

    private static Cell Count(Deployment deployment, Func<DeploymentAggregate, string> of) => deployment.Status is { } status ? of(status.Aggregate) : "-";

    private static string Known(string? text) => string.IsNullOrEmpty(text) ? "-" : text;

    private static string Listed(IEnumerable<string>? texts) => Known(string.Join(',', texts ?? []));
}

/// <summary>One column of a table of resources.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="Shape">How it stands.</param>
/// <param name="Of">A resource's cell.</param>
internal sealed record Column<T>(ColumnShape Shape, Func<T, TableFacts, Cell> Of)
    where T : class, IResource
{
    /// <summary>Whether only the wide table has it.</summary>
    public bool IsWide { get; init; }
}

/// <summary>What a table shows beside the resources themselves.</summary>
/// <param name="Now">The time.</param>
/// <param name="Heartbeats">When devices were last heard of, by their names.</param>
internal sealed record TableFacts(DateTimeOffset Now, ImmutableDictionary<string, DateTimeOffset> Heartbeats)
{
    /// <summary>
    /// How long ago <paramref name="device"/> was last heard of: by its heartbeat, or where that is gone, as after a restart of the bus, by what the operator
    /// noted when it fell silent. Else that it never was, or that nobody knows.
    /// </summary>
    public string Seen(Device device) =>
        Heartbeats.TryGetValue(device.Metadata.Name, out var at) ? Age.Of(at, Now)
        : device.Status?.Conditions.Find(ConditionTypes.Reachable) is not { Status: not ConditionStatus.Unknown } reachable ? "never"
        : reachable.Status == ConditionStatus.False && device.Status.LastSeen is { } noted ? Age.Of(noted, Now)
        : "unknown";
}
