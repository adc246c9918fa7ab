using System.Collections.Immutable;

namespace Harmony.Fleet.Cli.Applying;

/// <summary>What the typed flags of <c>fleet apply</c> say, as it was typed.</summary>
internal sealed record DeploymentFlags
{
    /// <summary><c>--name</c>.</summary>
    public string? Name { get; init; }

    /// <summary><c>--namespace</c>.</summary>
    public required string Namespace { get; init; }

    /// <summary><c>--image</c>.</summary>
    public string? Image { get; init; }

    /// <summary><c>--port</c>.</summary>
    public ImmutableArray<string> Ports { get; init; } = [];

    /// <summary><c>--env</c>.</summary>
    public ImmutableArray<string> Env { get; init; } = [];

    /// <summary><c>--volume</c>.</summary>
    public ImmutableArray<string> Volumes { get; init; } = [];

    /// <summary><c>--selector</c>.</summary>
    public ImmutableArray<string> Selectors { get; init; } = [];

    /// <summary><c>--all-devices</c>.</summary>
    public bool AllDevices { get; init; }

    /// <summary><c>--label</c>.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary><c>--restart</c>.</summary>
    public string? Restart { get; init; }

    /// <summary><c>--command</c>.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary><c>--arg</c>.</summary>
    public ImmutableArray<string> Args { get; init; } = [];

    /// <summary><c>--memory</c>.</summary>
    public string? Memory { get; init; }

    /// <summary><c>--cpu</c>.</summary>
    public string? Cpu { get; init; }

    /// <summary><c>--grace</c>.</summary>
    public string? Grace { get; init; }
}
