using System.Collections.Immutable;

namespace Harmony.Fleet.Contracts.Resources;

/// <summary>A page of resources.</summary>
/// <typeparam name="T">Their type.</typeparam>
public sealed record ResourceList<T>
    where T : class, IResource
{
    /// <summary>Where the page stands in time, and how to get the next one.</summary>
    public ListMeta Metadata { get => field ?? new(); init; }

    /// <summary>The resources, by namespace and name.</summary>
    public ImmutableArray<T> Items { get => field.IsDefault ? [] : field; init; }
}
