using System.Collections.Immutable;
using System.Text;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Layout;
using Harmony.Fleet.Contracts.Texts;

namespace Harmony.Fleet.Cli.Output;

/// <summary>Lays rows out in columns. Widths only grow, so that rows which come later still stand under their headings.</summary>
internal sealed class Table(IReadOnlyList<ColumnShape> columns)
{
    private readonly int[] widths = [.. columns.Select(column => TextWidth.Of(column.Header))];

    private (int Room, ImmutableArray<ColumnPlace> Places) layout;

    /// <summary>The headings.</summary>
    public string Header(CliConsole console, int maxWidth = 0) => Line([.. columns.Select(column => new Cell(column.Header, Color.Bold))], console, maxWidth);

    /// <summary>Makes room for <paramref name="width"/> characters under <paramref name="header"/>, before such rows come.</summary>
    public void Reserve(string header, int width)
    {
        for (var index = 0; index < widths.Length; index++)
        {
            Widen(index, string.Equals(columns[index].Header, header, StringComparison.Ordinal) ? width : 0);
        }
    }

    /// <summary>Makes room for <paramref name="row"/>.</summary>
    public void Fit(IReadOnlyList<Cell> row)
    {
        for (var index = 0; index < widths.Length; index++)
        {
            Widen(index, TextWidth.Of(Printable.Line(row[index].Text)));
        }
    }

    /// <summary>The line of <paramref name="row"/>; where <paramref name="maxWidth"/> is not 0 it takes no more columns, and whole columns or ends of cells are missing.</summary>
    public string Line(IReadOnlyList<Cell> row, CliConsole console, int maxWidth = 0)
    {
        var line = new StringBuilder();
        var pending = 0;
        foreach (var place in Places(maxWidth))
        {
            var column = columns[place.Column];
            var whole = Printable.Line(row[place.Column].Text);
            var text = column.CutsMiddle
                ? TextWidth.CutMiddle(whole, place.Width, console.Glyphs.Ellipsis)
                : TextWidth.Cut(whole, place.Width, console.Glyphs.Ellipsis);
            var rest = place.Width - TextWidth.Of(text);
            line.Append(' ', text.Length == 0 ? 0 : pending + (column.IsNumber ? rest : 0)).Append(text.Length == 0 ? text : console.Paint(text, row[place.Column].Color));
            pending = text.Length == 0 ? pending + place.Width + TableLayout.Gap : (column.IsNumber ? 0 : rest) + TableLayout.Gap;
        }

        return line.ToString();
    }

    private void Widen(int index, int width)
    {
        if (width > widths[index])
        {
            widths[index] = width;
            layout = default;
        }
    }

    private ImmutableArray<ColumnPlace> Places(int room)
    {
        if (layout.Places.IsDefault || layout.Room != room)
        {
            layout = (room, TableLayout.Places(columns, widths, room));
        }

        return layout.Places;
    }
}

/// <summary>One field of a table.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Color">In which colour.</param>
internal readonly record struct Cell(string Text, Color Color = Color.None)
{
    /// <summary>Without a colour.</summary>
    public static implicit operator Cell(string text) => new(text);
}
