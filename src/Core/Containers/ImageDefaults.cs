using System.Collections.Immutable;

namespace Harmony.Fleet.Core.Containers;

/// <summary>What a container gets from its image where its spec says nothing.</summary>
public sealed record ImageDefaults
{
    /// <summary>The image's entrypoint.</summary>
    public ImmutableArray<string> Entrypoint { get; init; } = [];

    /// <summary>The image's command.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>The image's environment.</summary>
    public ImmutableSortedDictionary<string, string> Env { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The image's labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Paths that the image declares as anonymous volumes.</summary>
    public ImmutableArray<string> Volumes { get; init; } = [];
}
