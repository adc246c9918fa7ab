using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Reading;

/// <summary>Lists in pages. All pages of one list show the same version of the store.</summary>
internal static class Pager
{
    /// <summary>One page.</summary>
    /// <exception cref="JsonException">A stored resource is not readable.</exception>
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
        var more = false;
        foreach (var body in Snapshot.Rows(connection, selection.Type.Kind, selection.Namespace, after, now))
        {
            var resource = selection.Parse(body);
            if (!selection.Matches(resource))
            {
                continue;
            }

            if (more = limit > 0 && items.Count == limit)
            {
                break;
            }

            items.Add(resource);
        }

        return new ListOutcome<T>.Ok(new ResourceList<T> { Metadata = Meta(after.Version, more ? items[^1].Metadata : null), Items = items.ToImmutable() });
    }

    private static ListMeta Meta(long version, ObjectMeta? last) => new()
    {
        ResourceVersion = version.ToString(CultureInfo.InvariantCulture),
        Continue = last is null ? null : new ContinueToken(version, last.Namespace ?? string.Empty, last.Name).ToString(),
    };
}
