using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Ports.Resources;

/// <summary>Which resource of a kind.</summary>
/// <param name="Namespace">The namespace; null for cluster-scoped kinds.</param>
/// <param name="Name">The name.</param>
public readonly record struct ResourceKey(string? Namespace, string Name)
{
    /// <summary>The key of <paramref name="metadata"/>.</summary>
    public static ResourceKey Of(ObjectMeta metadata) => new(metadata.Namespace, metadata.Name);

    /// <inheritdoc/>
    public override string ToString() => Namespace is null ? Name : $"{Namespace}/{Name}";
}

/// <summary>A resource as its writer saw it: what is written applies to this one alone.</summary>
/// <param name="Key">Which.</param>
/// <param name="Uid">Its uid; null for whichever has the name.</param>
/// <param name="ResourceVersion">The version that was seen.</param>
public readonly record struct ResourceRevision(ResourceKey Key, string? Uid, string ResourceVersion)
{
    /// <summary>The revision that <paramref name="metadata"/> are of.</summary>
    public static ResourceRevision Of(ObjectMeta metadata) => new(ResourceKey.Of(metadata), metadata.Uid, metadata.ResourceVersion ?? string.Empty);
}

/// <summary>What must hold for a delete.</summary>
/// <param name="Uid">The resource is this one; null for whichever it is.</param>
/// <param name="ResourceVersion">It has not changed since; null for whatever it is.</param>
public readonly record struct DeletePreconditions(string? Uid = null, string? ResourceVersion = null)
{
    /// <summary>None.</summary>
    public static DeletePreconditions None => default;
}

/// <summary>Which resources to list.</summary>
public sealed record ListOptions
{
    /// <summary>Everything, on one page.</summary>
    public static ListOptions All { get; } = new();

    /// <summary>Only of this namespace; null for all.</summary>
    public string? Namespace { get; init; }

    /// <summary>Only with these labels; null for all.</summary>
    public LabelSelector? LabelSelector { get; init; }

    /// <summary>The most resources of a page; 0 for no limit.</summary>
    public int Limit { get; init; }

    /// <summary>Where the last page ended; null for the first.</summary>
    public string? Continue { get; init; }
}

/// <summary>What to watch.</summary>
public sealed record WatchOptions
{
    /// <summary>Only of this namespace; null for all.</summary>
    public string? Namespace { get; init; }

    /// <summary>
    /// Only with these labels; null for all. A resource that begins to match comes as Added, one that no longer matches as Deleted
    /// (as it was when it last matched, with the version of the change).
    /// </summary>
    public LabelSelector? LabelSelector { get; init; }

    /// <summary>Changes after this version, as a list or a resource gave it; null for all that is there now (each as Added) and all that comes.</summary>
    public string? ResourceVersion { get; init; }
}
