using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Contracts.Commands;

/// <summary>Which log to read.</summary>
public sealed record LogsRequest
{
    /// <summary>The deployment's namespace.</summary>
    public required NamespaceName Namespace { get; init; }

    /// <summary>The deployment's name.</summary>
    public required DeploymentName Name { get; init; }

    /// <summary>The container; null for the only, or the first one.</summary>
    public string? Container { get; init; }

    /// <summary>How many of the last lines, 1 to 10,000; null for 100.</summary>
    public int? Tail { get; init; }

    /// <summary>Whether to go on with new lines as they come.</summary>
    public bool Follow { get; init; }
}
