using System.Collections.Immutable;

namespace Harmony.Fleet.Cli.Applying;

/// <summary>What <c>fleet apply</c> was asked for.</summary>
internal sealed record ApplyRequest
{
    /// <summary><c>--file</c>.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>The typed flags; null where none is there.</summary>
    public DeploymentFlags? Flags { get; init; }

    /// <summary>What <c>--namespace</c> says; null without it.</summary>
    public string? Namespace { get; init; }

    /// <summary>Whether to show instead of to send.</summary>
    public bool Print { get; init; }

    /// <summary>How long to wait for convergence; null for not at all.</summary>
    public TimeSpan? Wait { get; init; }
}
