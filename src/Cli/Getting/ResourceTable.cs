using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Getting;

/// <summary>The table of a kind.</summary>
internal sealed class ResourceTable<T>
    where T : class, IResource
{
    private const string Status = "STATUS";
    private const int LongestStatus = 11;

    private readonly IReadOnlyList<Column<T>> columns;
    private readonly CliHost host;
    private readonly Table table;

    public ResourceTable(ResourceKind<T> kind, bool showNamespace, CliHost host)
    {
        this.host = host;
        columns = showNamespace ? [new("NAMESPACE", (resource, _) => resource.Metadata.Namespace ?? "-"), .. kind.Columns] : kind.Columns;
        table = new Table([.. columns.Select(column => column.Header)]);
    }

    /// <summary>The headings and a line for each of <paramref name="resources"/>.</summary>
    public List<string> Lines(IReadOnlyCollection<T> resources, int maxWidth = 0)
    {
        var rows = resources.Select(Row).ToList();
        rows.ForEach(table.Fit);
        return [table.Header(host.Console, maxWidth), .. rows.Select(row => table.Line(row, host.Console, maxWidth))];
    }

    /// <summary>Keeps the columns in place when a status changes later.</summary>
    public ResourceTable<T> WithRoomForChanges()
    {
        table.Reserve(Status, LongestStatus);
        return this;
    }

    /// <summary>One more line, under the headings that were given before.</summary>
    public string Line(T resource, bool isGone)
    {
        var row = Row(resource);
        if (isGone)
        {
            var status = columns.ToList().FindIndex(column => column.Header == Status);
            row[status] = new Cell("Deleted", Color.Red);
        }

        table.Fit(row);
        return table.Line(row, host.Console);
    }

    private List<Cell> Row(T resource) => [.. columns.Select(column => column.Of(resource, host.Time.GetUtcNow()))];
}

/// <summary>A block of lines on a terminal that is drawn anew in its place.</summary>
internal sealed class WatchScreen(CliConsole console)
{
    private int drawn;

    /// <summary>Draws <paramref name="lines"/> over what was drawn before; those beyond the terminal's height are only counted.</summary>
    public void Draw(IReadOnlyList<string> lines)
    {
        var room = Math.Max(console.Height() - 2, 3);
        var shown = lines.Count <= room ? lines : [.. lines.Take(room), $"... and {lines.Count - room} more"];

        // Up to the block's first line, then everything from there on is cleared.
        var home = drawn > 0 ? $"\e[{drawn}A\r\e[J" : string.Empty;
        console.Out.Write(home + string.Concat(shown.Select(line => line + "\n")));
        drawn = shown.Count;
    }
}
