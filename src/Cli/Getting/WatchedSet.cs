using System.Collections.Immutable;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Getting;

/// <summary>What a watch has seen so far, and what of it is news.</summary>
internal sealed class WatchedSet<T>(string? onlyName)
    where T : class, IResource
{
    private readonly SortedDictionary<(string Namespace, string Name), Fetched<T>> known = new(Comparer<(string Namespace, string Name)>.Create(
        (left, right) => (string.CompareOrdinal(left.Namespace, right.Namespace), string.CompareOrdinal(left.Name, right.Name)) switch
        {
            (0, var byName) => byName,
            (var bySpace, _) => bySpace,
        }));

    /// <summary>The resources as they are now, by namespace and name.</summary>
    public ImmutableArray<T> Resources => [.. known.Values.Select(fetched => fetched.Resource)];

    /// <summary>Takes <paramref name="step"/> in.</summary>
    /// <returns>What changed by it. A list that is read again brings only what differs.</returns>
    public ImmutableArray<WatchChange<T>> Take(WatchStep<T> step) => step switch
    {
        WatchStep<T>.Listed listed => [.. Gone(listed.Listing).Concat(listed.Listing.Items.SelectMany(Put))],
        WatchStep<T>.Put put => [.. Put(put.Resource)],
        WatchStep<T>.Gone gone when known.Remove(KeyOf(gone.Resource)) => [new WatchChange<T>(WatchChangeKind.Deleted, gone.Resource)],
        _ => [],
    };

    private static (string Namespace, string Name) KeyOf(Fetched<T> fetched) => (fetched.Resource.Metadata.Namespace ?? string.Empty, fetched.Resource.Metadata.Name);

    private List<WatchChange<T>> Put(Fetched<T> fetched)
    {
        var key = KeyOf(fetched);
        if (onlyName is not null && !string.Equals(onlyName, key.Name, StringComparison.Ordinal))
        {
            return [];
        }

        var isKnown = known.TryGetValue(key, out var held);
        known[key] = fetched;
        return isKnown && held!.Resource.Metadata is var old && old.ResourceVersion is not null
            && string.Equals(old.ResourceVersion, fetched.Resource.Metadata.ResourceVersion, StringComparison.Ordinal)
                ? []
                : [new WatchChange<T>(isKnown ? WatchChangeKind.Modified : WatchChangeKind.Added, fetched)];
    }

    private List<WatchChange<T>> Gone(Listing<T> listing)
    {
        var listed = listing.Items.Select(KeyOf).ToHashSet();
        var gone = known.Where(pair => !listed.Contains(pair.Key)).Select(pair => pair.Value).ToList();
        gone.ForEach(fetched => known.Remove(KeyOf(fetched)));
        return [.. gone.Select(fetched => new WatchChange<T>(WatchChangeKind.Deleted, fetched))];
    }
}

/// <summary>One piece of news.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="Kind">What happened.</param>
/// <param name="Resource">As it is now; where it is gone, as it last was.</param>
internal sealed record WatchChange<T>(WatchChangeKind Kind, Fetched<T> Resource)
    where T : class, IResource;

/// <summary>What happened to a resource.</summary>
internal enum WatchChangeKind
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It changed.</summary>
    Modified,

    /// <summary>It is gone.</summary>
    Deleted,
}
