using System.Collections.Immutable;

namespace Harmony.Fleet.Contracts.Resources;

/// <summary>What every resource carries, with Kubernetes' names and meanings.</summary>
public sealed record ObjectMeta
{
    /// <summary>The resource's name: a DNS label, unique for its kind within its namespace.</summary>
    public string Name { get => field ?? string.Empty; init; }

    /// <summary>The namespace: a DNS label; null for cluster-scoped kinds.</summary>
    public string? Namespace { get; init; }

    /// <summary>Set by the store at creation; another one after a resource was deleted and made anew.</summary>
    public string? Uid { get; init; }

    /// <summary>Opaque; changes with each write. An update of the store says which one it is of; to the API it may be left out.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Starts at 1; the store adds 1 when the spec changes (and when deletion begins), never for status or metadata.</summary>
    public long Generation { get; init; }

    /// <summary>Set by the store at creation.</summary>
    public DateTimeOffset? CreationTimestamp { get; init; }

    /// <summary>Set by the store when deletion was asked for and finalizers are left; the resource is gone with the last finalizer.</summary>
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>Who must still clean up before the resource may go.</summary>
    public ImmutableArray<string> Finalizers { get => field.IsDefault ? [] : field; init; }

    /// <summary>Labels, as selectors see them.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get => field ?? ImmutableSortedDictionary<string, string>.Empty; init; }

    /// <summary>Free text for people and tools.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get => field ?? ImmutableSortedDictionary<string, string>.Empty; init; }
}

/// <summary>Of a page of resources.</summary>
public sealed record ListMeta
{
    /// <summary>The store's version that the list shows: a watch that starts here misses nothing.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Opaque; asks for the next page. Null on the last one.</summary>
    public string? Continue { get; init; }
}

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
