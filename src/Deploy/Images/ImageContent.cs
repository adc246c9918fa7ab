using System.Collections.Immutable;

namespace Harmony.Fleet.Deploy.Images;

/// <summary>What a small image of one layer is made of.</summary>
public sealed record ImageContent
{
    /// <summary>The tags that it gets, in full.</summary>
    public required ImmutableArray<string> Tags { get; init; }

    /// <summary>What is run.</summary>
    public required ImmutableArray<string> Entrypoint { get; init; }

    /// <summary>The entrypoint's arguments, where a container gives none.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>The environment, each as <c>NAME=value</c>.</summary>
    public ImmutableArray<string> Env { get; init; } = [];

    /// <summary>Its labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Paths that become anonymous volumes.</summary>
    public ImmutableArray<string> Volumes { get; init; } = [];

    /// <summary>Folders, without leading slash; parents first.</summary>
    public ImmutableArray<string> Folders { get; init; } = [];

    /// <summary>Programs by path, without leading slash.</summary>
    public required ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Programs { get; init; }

    /// <summary>Symbolic links: path to target.</summary>
    public ImmutableSortedDictionary<string, string> Links { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
