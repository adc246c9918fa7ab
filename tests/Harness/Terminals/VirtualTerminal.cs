using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Harmony.Fleet.Tests.Harness.Terminals;

/// <summary>
/// What a user of a terminal sees of a text with escape sequences: rows that break at the right edge, a cursor, a second screen, and lines
/// that break anew when the width changes, as today's terminals do. A sequence that it does not know fails the test.
/// </summary>
/// <param name="width">Its columns.</param>
/// <param name="height">Its rows.</param>
/// <param name="widthOf">How many columns a character takes; null where each takes one.</param>
public sealed partial class VirtualTerminal(int width, int height, Func<string, int>? widthOf = null)
{
    private readonly List<Row> first = [new()];
    private readonly List<Row> second = [];
    private int columns = width;
    private int rows = height;
    private (int Row, int Column) cursor;
    private (int Row, int Column) kept;

    /// <summary>Whether the cursor is shown.</summary>
    public bool ShowsCursor { get; private set; } = true;

    /// <summary>Whether the second screen is shown.</summary>
    public bool IsSecond { get; private set; }

    /// <summary>Whether any line took more than one row.</summary>
    public bool HasBroken { get; private set; }

    /// <summary>Whether anything was ever shown on the second screen.</summary>
    public bool HasSecond { get; private set; }

    /// <summary>All rows that can be seen or scrolled to, without the empty ones at the end.</summary>
    public string Text => string.Concat(Rows.Select(row => row.ToString().TrimEnd(' ')).Reverse().SkipWhile(row => row.Length == 0).Reverse().Select(row => row + "\n"));

    private List<Row> Rows => IsSecond ? second : first;

    private int Top => Math.Max(0, Rows.Count - rows);

    /// <summary>Shows <paramref name="text"/>.</summary>
    public VirtualTerminal Feed(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (Sequences().Match(text, at) is { Success: true } sequence)
            {
                Do(sequence.Groups["final"].Value, sequence.Groups["arguments"].Value);
                at += sequence.Length;
                continue;
            }

            var length = text[at] is '\r' or '\n' or '\e' ? 1 : StringInfo.GetNextTextElementLength(text, at);
            Put(text.Substring(at, length));
            at += length;
        }

        return this;
    }

    /// <summary>Gives it another size.</summary>
    public VirtualTerminal Resize(int newColumns, int newRows)
    {
        (columns, rows) = (newColumns, newRows);
        if (IsSecond)
        {
            second.RemoveRange(Math.Min(rows, second.Count), Math.Max(0, second.Count - rows));
            cursor = (Math.Min(cursor.Row, second.Count - 1), 0);
        }
        else
        {
            Reflow();
        }

        return this;
    }

    [GeneratedRegex(@"\G\e\[(?<arguments>[?0-9;]*)(?<final>[A-Za-z])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sequences();

    private void Put(string element)
    {
        switch (element)
        {
            case "\r":
                cursor.Column = 0;
                break;
            case "\n":
                Down();
                break;
            default:
                char.IsControl(element[0]).ShouldBeFalse($"a control character is shown: {(int)element[0]}");
                var taken = widthOf?.Invoke(element) ?? 1;
                if (cursor.Column + taken > columns)
                {
                    HasBroken = true;
                    Down();
                    Rows[cursor.Row].Continues = true;
                }

                Rows[cursor.Row].Set(cursor.Column, element, taken);
                cursor.Column += taken;
                break;
        }
    }

    private void Down()
    {
        cursor = (cursor.Row + 1, 0);
        if (cursor.Row == Rows.Count)
        {
            if (IsSecond && Rows.Count == rows)
            {
                second.RemoveAt(0);
                cursor.Row--;
            }

            Rows.Add(new Row());
        }
    }

    private void Do(string final, string arguments)
    {
        var count = int.TryParse(arguments, CultureInfo.InvariantCulture, out var number) ? number : 0;
        switch (final, arguments)
        {
            case ("A", _):
                cursor.Row = Math.Max(Top, cursor.Row - Math.Max(1, count));
                break;
            case ("H", "" or "1;1"):
                cursor = (Top, 0);
                break;
            case ("J", "" or "0"):
                Rows[cursor.Row].Clear(cursor.Column);
                Rows.RemoveRange(cursor.Row + 1, Rows.Count - cursor.Row - 1);
                break;
            case ("K", "" or "0"):
                Rows[cursor.Row].Clear(cursor.Column);
                break;
            case ("m", _):
                break;
            case ("h" or "l", "?25"):
                ShowsCursor = final == "h";
                break;
            case ("h" or "l", "?1049"):
                Switch(final == "h");
                break;
            default:
                throw new InvalidOperationException($"The terminal does not know ESC [ {arguments}{final}.");
        }
    }

    private void Switch(bool toSecond)
    {
        if (toSecond == IsSecond)
        {
            return;
        }

        IsSecond = toSecond;
        HasSecond |= toSecond;
        second.Clear();
        second.Add(new Row());
        (cursor, kept) = toSecond ? ((0, 0), cursor) : (kept, default);
    }

    private void Reflow()
    {
        var lines = new List<StringBuilder>();
        foreach (var row in first)
        {
            _ = row.Continues ? lines[^1].Append(row) : AddTo(lines).Append(row);
        }

        // The cursor stands at the beginning of the last row whenever a program waits.
        first.Clear();
        cursor = (0, 0);
        first.Add(new Row());
        for (var index = 0; index < lines.Count; index++)
        {
            Feed(lines[index].ToString().TrimEnd(' ') + (index < lines.Count - 1 ? "\n" : string.Empty));
        }
    }

    private static StringBuilder AddTo(List<StringBuilder> lines)
    {
        lines.Add(new StringBuilder());
        return lines[^1];
    }

    private sealed class Row
    {
        private readonly List<string> cells = [];

        /// <summary>Whether it goes on with the line of the row above.</summary>
        public bool Continues { get; set; }

        public void Set(int column, string element, int width)
        {
            while (cells.Count < column + width)
            {
                cells.Add(" ");
            }

            cells[column] = element;
            for (var rest = 1; rest < width; rest++)
            {
                cells[column + rest] = string.Empty;
            }
        }

        public void Clear(int column) => cells.RemoveRange(Math.Min(column, cells.Count), Math.Max(0, cells.Count - column));

        public override string ToString() => string.Concat(cells);
    }
}
