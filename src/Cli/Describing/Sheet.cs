using System.Collections.Immutable;
using System.Text;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Describing;

/// <summary>A description: fields with their values under each other, in sections.</summary>
internal sealed class Sheet(CliConsole console)
{
    private const int NameWidth = 16;

    private readonly StringBuilder text = new();
    private int indent;

    /// <summary>A field; one without a value is left out.</summary>
    public Sheet Field(string name, Cell value)
    {
        if (value.Text.Length > 0)
        {
            var room = Math.Max(NameWidth - indent, name.Length + 2);
            text.Append(' ', indent).Append($"{name}:".PadRight(room)).Append(console.Paint(Printable.Line(value.Text), value.Color)).Append('\n');
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

    /// <summary>A table.</summary>
    public Sheet Table(IReadOnlyList<string> headers, IReadOnlyCollection<IReadOnlyList<Cell>> rows)
    {
        if (rows.Count > 0)
        {
            var table = new Table(headers);
            rows.ToList().ForEach(table.Fit);
            text.Append(' ', indent).Append(table.Header(console)).Append('\n');
            rows.ToList().ForEach(row => text.Append(' ', indent).Append(table.Line(row, console)).Append('\n'));
        }

        return this;
    }

    /// <summary>A line as it is.</summary>
    public Sheet Line(string line)
    {
        text.Append(' ', indent).Append(Printable.Line(line)).Append('\n');
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => text.ToString();
}

/// <summary>Conditions as a table.</summary>
internal static class ConditionTable
{
    private static readonly string[] Headers = ["TYPE", "STATUS", "SINCE", "REASON", "MESSAGE"];

    /// <summary>Writes <paramref name="conditions"/> as a section of <paramref name="sheet"/>.</summary>
    public static void Write(Sheet sheet, ImmutableArray<Condition> conditions, DateTimeOffset now) => sheet.Section("Conditions", () => sheet.Table(
        Headers,
        [.. conditions.Select(condition => (Cell[])[condition.Type, $"{condition.Status}", Age.Of(condition.LastTransitionTime, now), condition.Reason, condition.Message])]));
}
