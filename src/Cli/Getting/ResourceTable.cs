using System.Collections.Immutable;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Getting;

/// <summary>The table of a kind.</summary>
internal sealed class ResourceTable<T>
    where T : class, IResource
{
    private const string Status = "STATUS";
    private const int LongestStatus = 11;

    private static readonly Column<T> Namespace = new(new("NAMESPACE") { Least = 12, CutsMiddle = true }, (resource, _) => resource.Metadata.Namespace ?? "-");

    private readonly ImmutableArray<Column<T>> columns;
    private readonly CliConsole console;
    private readonly Table table;

    public ResourceTable(ResourceKind<T> kind, GetRequest request, CliConsole console)
    {
        this.console = console;
        var wanted = kind.Columns.Where(column => !column.IsWide || request.Format == OutputFormat.Wide);
        columns = [.. request.ShowNamespace ? wanted.Prepend(Namespace) : wanted];
        table = new Table([.. columns.Select(column => column.Shape)]);
    }

    /// <summary>The headings and a line for each of <paramref name="resources"/>, in the order of their names; at most so wide where <paramref name="maxWidth"/> is not 0.</summary>
    public List<string> Lines(IEnumerable<T> resources, TableFacts facts, int maxWidth = 0)
    {
        var rows = resources
            .OrderBy(resource => resource.Metadata.Namespace, NaturalOrder.Names)
            .ThenBy(resource => resource.Metadata.Name, NaturalOrder.Names)
            .Select(resource => Row(resource, facts))
            .ToList();
        rows.ForEach(table.Fit);
        return [table.Header(console, maxWidth), .. rows.Select(row => table.Line(row, console, maxWidth))];
    }

    /// <summary>Keeps the columns in place when a status changes later.</summary>
    public ResourceTable<T> WithRoomForChanges()
    {
        table.Reserve(Status, LongestStatus);
        return this;
    }

    /// <summary>One more line, under the headings that were given before.</summary>
    public string Line(T resource, TableFacts facts, bool isGone)
    {
        var row = Row(resource, facts);
        if (isGone)
        {
            row[columns.ToList().FindIndex(column => column.Shape.Header == Status)] = new Cell("Deleted", Color.Red);
        }

        table.Fit(row);
        return table.Line(row, console);
    }

    private List<Cell> Row(T resource, TableFacts facts) => [.. columns.Select(column => column.Of(resource, facts))];
}
