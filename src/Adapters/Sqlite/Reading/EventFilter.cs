using System.Globalization;
using System.Text.Json;
using Harmony.Fleet.Adapters.Sqlite.Writing;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Adapters.Sqlite.Reading;

/// <summary>What a stored change looks like to a watch of a selection.</summary>
internal static class EventFilter
{
    /// <summary>The event; null where the selection does not show it.</summary>
    /// <exception cref="JsonException">What is stored is not readable.</exception>
    public static WatchEvent<T>? Seen<T>(Selection<T> selection, StoredEvent change)
        where T : class, IResource
    {
        if (change.Now is null)
        {
            return null;
        }

        if (change.Change == ChangeKind.Deleted)
        {
            // One that cannot be read is gone all the same.
            var last = change.Now.ReadOrName(selection.Type);
            return selection.Matches(last) ? new WatchEvent<T>.Deleted(last) : null;
        }

        var resource = change.Now.Read(selection.Type);
        var matches = selection.Matches(resource);
        var before = change.Before?.Read(selection.Type);
        var matched = before is null ? matches && change.Change == ChangeKind.Modified : selection.Matches(before);
        return (matched, matches) switch
        {
            (true, true) => new WatchEvent<T>.Modified(resource),
            (false, true) => new WatchEvent<T>.Added(resource),
            (true, false) => new WatchEvent<T>.Deleted(At(selection, before!, change.Version)),
            _ => null,
        };
    }

    private static T At<T>(Selection<T> selection, T resource, long version)
        where T : class, IResource =>
        selection.Type.WithMetadata(resource, resource.Metadata with { ResourceVersion = version.ToString(CultureInfo.InvariantCulture) });
}
