using System.Text;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Output;

/// <summary>Lays rows out in columns. Widths only grow, so that rows which come later still stand under their headings.</summary>
internal sealed class Table(IReadOnlyList<string> headers)
{
    private const string Gap = "   ";

    private readonly int[] widths = [.. headers.Select(header => header.Length)];

    /// <summary>The headings.</summary>
    public string Header(CliConsole console, int maxWidth = 0) => Line([.. headers.Select(header => new Cell(header, Color.Bold))], console, maxWidth);

    /// <summary>Makes room for <paramref name="width"/> characters under <paramref name="header"/>, before such rows come.</summary>
    public void Reserve(string header, int width)
    {
        for (var index = 0; index < widths.Length; index++)
        {
            widths[index] = string.Equals(headers[index], header, StringComparison.Ordinal) ? Math.Max(widths[index], width) : widths[index];
        }
    }

    /// <summary>Makes room for <paramref name="row"/>.</summary>
    public void Fit(IReadOnlyList<Cell> row)
    {
        for (var index = 0; index < widths.Length; index++)
        {
            widths[index] = Math.Max(widths[index], Printable.Line(row[index].Text).Length);
        }
    }

    /// <summary>The line of <paramref name="row"/>, at most <paramref name="maxWidth"/> characters wide where that is not 0.</summary>
    public string Line(IReadOnlyList<Cell> row, CliConsole console, int maxWidth = 0)
    {
        var line = new StringBuilder();
        var room = maxWidth > 0 ? maxWidth : int.MaxValue;
        for (var index = 0; index < row.Count && room > 0; index++)
        {
            var isLast = index == row.Count - 1;
            var text = Printable.Line(row[index].Text);
            var padding = isLast ? string.Empty : new string(' ', Math.Max(0, widths[index] - text.Length)) + Gap;
            text = text.Length > room ? text[..room] : text;
            line.Append(text.Length == 0 ? text : console.Paint(text, row[index].Color));
            room -= text.Length;
            line.Append(padding.AsSpan(0, Math.Min(padding.Length, room)));
            room -= padding.Length;
        }

        return line.ToString().TrimEnd(' ');
    }
}

/// <summary>One column of a table of resources.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="Header">Its heading.</param>
/// <param name="Of">A resource's cell, at a time.</param>
internal sealed record Column<T>(string Header, Func<T, DateTimeOffset, Cell> Of)
    where T : class, IResource;

/// <summary>One field of a table.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Color">In which colour.</param>
internal readonly record struct Cell(string Text, Color Color = Color.None)
{
    /// <summary>Without a colour.</summary>
    public static implicit operator Cell(string text) => new(text);
}
