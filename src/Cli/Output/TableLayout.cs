using System.Collections.Immutable;
using Harmony.Fleet.Cli.Layout;

namespace Harmony.Fleet.Cli.Output;

/// <summary>How a column of a table stands, and what becomes of it where there is little room.</summary>
/// <param name="Header">Its heading.</param>
internal sealed record ColumnShape(string Header)
{
    /// <summary>Numbers stand at the right of their column.</summary>
    public bool IsNumber { get; init; }

    /// <summary>When it is left out: the largest first; 0: never.</summary>
    public int Rank { get; init; }

    /// <summary>How narrow it may become before any column is left out; 0: as wide as its widest cell.</summary>
    public int Least { get; init; }

    /// <summary>Whether a cell loses its middle instead of its end.</summary>
    public bool CutsMiddle { get; init; }

    /// <summary>One that is neither shortened nor left out.</summary>
    public static implicit operator ColumnShape(string header) => new(header);
}

/// <summary>Fits a table into the width of a terminal: cells are shortened first, then the least important columns are left out.</summary>
internal static class TableLayout
{
    /// <summary>The space between two columns.</summary>
    public const int Gap = 2;

    /// <summary>The columns that are shown, and how wide.</summary>
    /// <param name="columns">All of them.</param>
    /// <param name="widths">How wide each would like to be.</param>
    /// <param name="room">How wide the table may be; 0: as wide as it likes.</param>
    public static ImmutableArray<ColumnPlace> Places(IReadOnlyList<ColumnShape> columns, IReadOnlyList<int> widths, int room)
    {
        var kept = Enumerable.Range(0, columns.Count).ToList();
        while (room > 0 && Excess(kept.Select(index => Floor(columns[index], widths[index])), room) > 0 && Victim(columns, kept) is { } victim)
        {
            kept.Remove(victim);
        }

        var wanted = kept.Select(index => widths[index]).ToArray();
        if (room > 0)
        {
            Shorten(wanted, [.. kept.Select(index => (Floor(columns[index], widths[index]), columns[index].Rank))], room);
            Cut(wanted, room);
        }

        return [.. kept.Zip(wanted, (column, width) => new ColumnPlace(column, width)).Where(place => place.Width > 0)];
    }

    private static int Floor(ColumnShape column, int width) => column.Least == 0 ? width : Math.Min(width, Math.Max(column.Least, TextWidth.Of(column.Header)));

    private static int Excess(IEnumerable<int> widths, int room) => widths.Sum(width => width + Gap) - Gap - room;

    private static int? Victim(IReadOnlyList<ColumnShape> columns, List<int> kept)
    {
        var least = kept.MaxBy(index => columns[index].Rank);
        return columns[least].Rank > 0 ? least : null;
    }

    /// <summary>What would be left out next gives first; then the widest: one long name must not take the room of all else.</summary>
    private static void Shorten(int[] widths, (int Floor, int Rank)[] limits, int room)
    {
        var last = limits.Max(limit => limit.Rank);
        for (var excess = Excess(widths, room); excess > 0; excess--)
        {
            var givers = Enumerable.Range(0, widths.Length).Where(index => widths[index] > limits[index].Floor).ToList();
            if (givers.Count == 0)
            {
                return;
            }

            widths[givers.MaxBy(index => (limits[index].Rank == last, widths[index]))]--;
        }
    }

    /// <summary>The last resort of a very narrow terminal: what still does not fit ends at its edge.</summary>
    private static void Cut(int[] widths, int room)
    {
        for (var index = 0; index < widths.Length; index++)
        {
            widths[index] = Math.Clamp(widths[index], 0, Math.Max(0, room));
            room -= widths[index] + Gap;
        }
    }
}

/// <summary>Where a column is shown.</summary>
/// <param name="Column">Which one.</param>
/// <param name="Width">How wide.</param>
internal readonly record struct ColumnPlace(int Column, int Width);
