using System.Globalization;
using Harmony.Fleet.Adapters.Sqlite.Writing;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Adapters.Sqlite.Reading;

/// <summary>What a stored change looks like to a watch of a selection.</summary>
internal static class EventFilter
{
    /// <summary>The event; null where the selection does not show it.</summary>
    public static WatchEvent<T>? Seen<T>(Selection<T> selection, StoredEvent change)
        where T : class, IResource
    {
        if (change.Body is null)
        {
            return null;
        }

        var resource = selection.Parse(change.Body);
        if (change.Change == ChangeKind.Deleted)
        {
            return selection.Matches(resource) ? new WatchEvent<T>.Deleted(resource) : null;
        }

        var previous = change.Previous is null ? null : selection.Parse(change.Previous);
        return (Before: previous is not null && selection.Matches(previous), Now: selection.Matches(resource)) switch
        {
            (Before: true, Now: true) => new WatchEvent<T>.Modified(resource),
            (Before: false, Now: true) => new WatchEvent<T>.Added(resource),
            (Before: true, Now: false) => new WatchEvent<T>.Deleted(At(selection, previous!, change.Version)),
            _ => null,
        };
    }

    private static T At<T>(Selection<T> selection, T resource, long version)
        where T : class, IResource =>
        selection.Type.WithMetadata(resource, resource.Metadata with { ResourceVersion = version.ToString(CultureInfo.InvariantCulture) });
}
