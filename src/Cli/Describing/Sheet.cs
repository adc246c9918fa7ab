using System.Collections.Immutable;
using System.Text;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Layout;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Contracts.Texts;

namespace Harmony.Fleet.Cli.Describing;

/// <summary>A description: fields with their values under each other, in sections.</summary>
internal sealed class Sheet(CliConsole console)
{
    private const int NameWidth = 16;

    private readonly StringBuilder text = new();
    private int indent;

    private int Width => console.IsOutTerminal ? console.OutSize().Columns : 0;

    private string Margin => new(' ', indent);

    /// <summary>A field; one without a value is left out.</summary>
    public Sheet Field(string name, Cell value)
    {
        if (value.Text.Length > 0)
        {
            var margin = Math.Max(NameWidth, indent + name.Length + 2);
            var lines = Prose.Wrap(TextWidth.Left($"{Margin}{name}:", margin) + Printable.Line(value.Text), Width, margin).ToList();
            text.Append(lines[0].AsSpan(0, margin)).Append(console.Paint(lines[0][margin..], value.Color)).Append('\n');
            lines.Skip(1).ToList().ForEach(line => text.Append(console.Paint(line, value.Color)).Append('\n'));
        }

        return this;
    }

    /// <summary>A section, written by <paramref name="content"/>; one without lines is left out.</summary>
    public Sheet Section(string name, Action content)
    {
        var before = text.Length;
        text.Append(' ', indent).Append(console.Paint($"{name}:", Color.Bold)).Append('\n');
        var begin = text.Length;
        indent += 2;
        content();
        indent -= 2;
        text.Length = text.Length == begin ? before : text.Length;
        return this;
    }

    /// <summary>A table. What its last column says stands below the row, in whole, where the terminal has no room for it beside the others.</summary>
    public Sheet Table(IReadOnlyList<ColumnShape> columns, IReadOnlyCollection<IReadOnlyList<Cell>> rows)
    {
        if (rows.Count == 0)
        {
            return this;
        }

        var room = Width > 0 ? Math.Max(1, Width - indent) : 0;
        var beside = room == 0 ? int.MaxValue : room - (Enumerable.Range(0, columns.Count - 1).Sum(index => WidthOf(columns, rows, index) + TableLayout.Gap));
        var table = new Table(columns);
        var laid = rows.Select(row => TextWidth.Of(Printable.Line(row[^1].Text)) <= beside ? (Cells: row, Below: string.Empty) : ([.. row.SkipLast(1), string.Empty], row[^1].Text)).ToList();
        laid.ForEach(row => table.Fit(row.Cells));
        text.Append(Margin).Append(table.Header(console, room)).Append('\n');
        foreach (var (cells, below) in laid)
        {
            text.Append(Margin).Append(table.Line(cells, console, room)).Append('\n');
            Below(below);
        }

        return this;
    }

    /// <summary>A line as it is.</summary>
    public Sheet Line(string line)
    {
        foreach (var part in Prose.Wrap(Margin + Printable.Line(line), Width, indent + 2))
        {
            text.Append(part).Append('\n');
        }

        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => text.ToString();

    private static int WidthOf(IReadOnlyList<ColumnShape> columns, IEnumerable<IReadOnlyList<Cell>> rows, int column) =>
        rows.Select(row => Printable.Line(row[column].Text)).Prepend(columns[column].Header).Max(TextWidth.Of);

    private void Below(string line)
    {
        if (line.Length > 0)
        {
            var depth = indent + 2;
            Prose.Wrap(new string(' ', depth) + Printable.Line(line), Width, depth).ToList().ForEach(part => text.Append(part).Append('\n'));
        }
    }
}

/// <summary>Conditions as a table.</summary>
internal static class ConditionTable
{
    private static readonly ColumnShape[] Columns = ["TYPE", "STATUS", "SINCE", new("REASON") { Rank = 1 }, "MESSAGE"];

    /// <summary>Writes <paramref name="conditions"/> as a section of <paramref name="sheet"/>.</summary>
    public static void Write(Sheet sheet, ImmutableArray<Condition> conditions, DateTimeOffset now) => sheet.Section("Conditions", () => sheet.Table(
        Columns,
        [.. conditions.Select(condition => (Cell[])[condition.Type, $"{condition.Status}", Age.Of(condition.LastTransitionTime, now), condition.Reason, condition.Message])]));
}
