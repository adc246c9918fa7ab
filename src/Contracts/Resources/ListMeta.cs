namespace Harmony.Fleet.Contracts.Resources;

/// <summary>Of a page of resources.</summary>
public sealed record ListMeta
{
    /// <summary>The store's version that the list shows: a watch that starts here misses nothing.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Opaque; asks for the next page. Null on the last one.</summary>
    public string? Continue { get; init; }
}
