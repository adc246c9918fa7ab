using System.Collections.Immutable;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Layout;
using Harmony.Fleet.Contracts.Texts;

namespace Harmony.Fleet.Cli.Steps;

/// <summary>A step as it is shown.</summary>
/// <param name="Title">What is done.</param>
/// <param name="State">How it stands.</param>
/// <param name="Elapsed">How long it took, or takes.</param>
/// <param name="Detail">What came of it; may be empty.</param>
internal readonly record struct StepLine(string Title, StepState State, TimeSpan Elapsed, string Detail);

/// <summary>How a step stands.</summary>
internal enum StepState
{
    /// <summary>It is being done.</summary>
    Running,

    /// <summary>It is done.</summary>
    Done,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It was given up: by Ctrl-C.</summary>
    Stopped,
}

/// <summary>
/// Lays steps out for a terminal: a mark, the title, the time at the right of its column, then what came of it; where that has no room it
/// stands on a line of its own, shortened in the middle. No line is wider than the terminal, but those that are copied.
/// </summary>
internal sealed class StepLines(CliConsole console, int width)
{
    private const int TitleWidth = 26;
    private const int LeastTitle = 8;
    private const int Indent = 4;

    private readonly Glyphs glyphs = console.Glyphs;

    /// <summary>The lines of a step that is over.</summary>
    public List<string> Of(StepLine step)
    {
        var line = Head(step, Mark(step.State));
        var painted = console.PaintError(line[..1], ColorOf(step.State)) + line[1..];
        var detail = Printable.Line(step.Detail);
        if (detail.Length == 0)
        {
            return [painted];
        }

        return TextWidth.Of($"{line}  {detail}") <= width
            ? [$"{painted}  {console.PaintError(detail, DetailColor(step.State))}"]
            : [painted, new string(' ', Indent) + console.PaintError(TextWidth.CutMiddle(detail, width - Indent, glyphs.Ellipsis), DetailColor(step.State))];
    }

    /// <summary>The line of one that is being done, in plain characters: what is known of it so far is shortened at its end.</summary>
    public string Live(StepLine step, TimeSpan clock)
    {
        var line = Head(step, glyphs.Spin(clock));
        return step.Detail.Length == 0 ? line : TextWidth.Cut($"{line}  {Printable.Line(step.Detail)}", width, glyphs.Ellipsis);
    }

    /// <summary>Something that is said in between, broken between words; a word that is longer than a line is shortened, but nothing of what is copied.</summary>
    public List<string> Note(string text)
    {
        ImmutableArray<string> whole = [.. console.Whole];
        return [.. Prose.Wrap($"{glyphs.Note} {Printable.Line(text)}", width, hanging: 2, whole).Select(Fitted)];

        string Fitted(string line) =>
            console.PaintError(whole.Any(part => line.Contains(part, StringComparison.Ordinal)) ? line : TextWidth.CutMiddle(line, width, glyphs.Ellipsis), Color.Dim);
    }

    private static Color ColorOf(StepState state) => state switch
    {
        StepState.Done => Color.Green,
        StepState.Failed => Color.Red,
        _ => Color.Yellow,
    };

    private static Color DetailColor(StepState state) => state == StepState.Failed ? Color.Red : Color.Dim;

    private string Head(StepLine step, string mark)
    {
        var room = Math.Clamp(width - Elapsed.Width - 3, LeastTitle, TitleWidth);
        var title = TextWidth.Left(TextWidth.Cut(Printable.Line(step.Title), room, glyphs.Ellipsis), room);
        return TextWidth.Cut($"{mark} {title} {TextWidth.Right(Elapsed.Text(step.Elapsed), Elapsed.Width)}", width, glyphs.Ellipsis);
    }

    private string Mark(StepState state) => state switch
    {
        StepState.Done => glyphs.Done,
        StepState.Failed => glyphs.Failed,
        _ => glyphs.Stopped,
    };
}
