using System.Collections.Immutable;
using System.Globalization;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Reading;

/// <summary>Lists in pages. All pages of one list show the same version of the store.</summary>
internal static class Pager
{
    /// <summary>One page.</summary>
    public static ListOutcome<T> Page<T>(SqliteConnection connection, Selection<T> selection, int limit, ContinueToken? token)
        where T : class, IResource
    {
        var now = Snapshot.Version(connection);
        var after = token ?? new ContinueToken(now, string.Empty, string.Empty);
        if (after.Version > now || after.Version < Snapshot.Forgotten(connection))
        {
            return new ListOutcome<T>.Gone("The list was begun too long ago to be continued: list from the start.");
        }

        var items = ImmutableArray.CreateBuilder<T>();
        var unreadable = ImmutableArray.CreateBuilder<UnreadableResource>();
        var (more, last) = (false, default(ResourceKey));
        foreach (var row in Snapshot.Rows(connection, selection.Type.Kind, selection.Namespace, after, now))
        {
            var key = new ResourceKey(row.Namespace, row.Name);
            if (row.TryRead(selection.Type, out var problem) is not { } resource)
            {
                unreadable.Add(new UnreadableResource(key, problem));
            }
            else if (selection.Matches(resource))
            {
                if (more = limit > 0 && items.Count == limit)
                {
                    break;
                }

                items.Add(resource);
            }

            last = key;
        }

        return new ListOutcome<T>.Ok(new ResourceList<T> { Metadata = Meta(after.Version, more ? last : null), Items = items.ToImmutable() })
        {
            Unreadable = unreadable.ToImmutable(),
        };
    }

    private static ListMeta Meta(long version, ResourceKey? last) => new()
    {
        ResourceVersion = version.ToString(CultureInfo.InvariantCulture),
        Continue = last is { } row ? new ContinueToken(version, row.Namespace ?? string.Empty, row.Name).ToString() : null,
    };
}
