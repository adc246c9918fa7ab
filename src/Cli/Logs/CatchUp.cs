namespace Harmony.Fleet.Cli.Logs;

/// <summary>
/// Takes the lines of a log that is opened again and again, and shows each of them once. A log begins with lines from before, of which some were
/// shown: they are held until it is known which. Where lines cannot be told from each other they are shown twice rather than not at all.
/// </summary>
/// <param name="show">Shows a line.</param>
internal sealed class CatchUp(Action<string> show)
{
    private const int MostKept = 1000;
    private const int MostHeldCharacters = 8 * 1024 * 1024;

    private readonly Queue<string> shown = [];
    private List<string>? held;
    private int most;
    private bool isAll;
    private int characters;

    /// <summary>How many lines were shown.</summary>
    public long Count { get; private set; }

    /// <summary>Whether lines are held.</summary>
    public bool IsHolding => held is not null;

    /// <summary>The log begins with lines of another container: each is new.</summary>
    public void Begin()
    {
        held = null;
        shown.Clear();
    }

    /// <summary>The log begins with its last lines, some of which may have been shown.</summary>
    /// <param name="tail">How many at the most.</param>
    /// <param name="isAll">Whether no more can be had.</param>
    public void BeginAgain(int tail, bool isAll) => (held, most, this.isAll, characters) = ([], tail, isAll, 0);

    /// <summary>Takes a line.</summary>
    /// <param name="line">It.</param>
    /// <param name="isWhole">Whether it has an end: one that has none yet comes again with the rest of it.</param>
    public void Take(string line, bool isWhole)
    {
        if (held is null)
        {
            Show(line, isWhole);
            return;
        }

        held.Add(line);
        characters += line.Length;
    }

    /// <summary>Whether there is nothing to wait for any more before it is decided what of the held lines is new.</summary>
    public bool IsFull => held is not null && (held.Count >= most || characters > MostHeldCharacters);

    /// <summary>Shows what of the held lines is new.</summary>
    /// <returns>False where none of them was shown before, and so more can be had that was not: then nothing is shown.</returns>
    public bool Decide()
    {
        if (held is not { } lines)
        {
            return true;
        }

        held = null;
        var first = After(lines, [.. shown]);
        if (first < 0 && lines.Count >= most && !isAll)
        {
            return false;
        }

        foreach (var line in lines.Skip(Math.Max(0, first)))
        {
            Show(line, isWhole: true);
        }

        return true;
    }

    /// <summary>Where in <paramref name="lines"/> what follows <paramref name="before"/> begins, at the earliest; -1 where they have nothing in common.</summary>
    private static int After(List<string> lines, string[] before)
    {
        for (var end = 1; end <= lines.Count && before.Length > 0; end++)
        {
            var both = Math.Min(end, before.Length);
            if (Enumerable.Range(1, both).All(back => string.Equals(lines[end - back], before[^back], StringComparison.Ordinal)))
            {
                return end;
            }
        }

        return -1;
    }

    private void Show(string line, bool isWhole)
    {
        show(line);
        Count++;
        if (isWhole)
        {
            shown.Enqueue(line);
            _ = shown.Count > MostKept ? shown.Dequeue() : null;
        }
    }
}
