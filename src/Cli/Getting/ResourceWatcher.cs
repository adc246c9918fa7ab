using System.Collections.Immutable;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Getting;

/// <summary>Shows resources, and then each change, until Ctrl-C: on a terminal as a table in its place, else line by line.</summary>
internal sealed class ResourceWatcher<T>(CliHost host, FleetClient client, ResourceKind<T> kind)
    where T : class, IResource
{
    private bool isLost;

    /// <summary>Watches what <paramref name="request"/> asks for.</summary>
    /// <returns>The exit code, when the watch cannot go on.</returns>
    public async Task<int> RunAsync(GetRequest request, CancellationToken cancellationToken)
    {
        var watch = new ResourceWatch<T>(client, kind.Type, request.Scope, host.Time, new Random(Environment.ProcessId));
        var set = new WatchedSet<T>(request.Name);
        var table = new ResourceTable<T>(kind, request.ShowNamespace, host).WithRoomForChanges();
        var screen = new WatchScreen(host.Console);
        var isFirst = true;
        await foreach (var step in watch.RunAsync(cancellationToken))
        {
            if (step is WatchStep<T>.Ended ended)
            {
                return host.Fail(ended.Fault);
            }

            Tell(step);
            var changes = set.Take(step);
            if (isFirst && request.Name is { } name && set.Resources.IsEmpty)
            {
                return host.Fail(new Fault(FaultKind.NotFound, $"there is no {kind.Describe(request.Scope.Namespace, name)}") { Reason = StatusReasons.NotFound });
            }

            Show(request, changes, set, table, screen, isFirst);
            isFirst = false;
        }

        return ExitCode.Done;
    }

    private void Tell(WatchStep<T> step)
    {
        if (step is WatchStep<T>.Lost lost)
        {
            if (!isLost && !host.Console.IsOutTerminal)
            {
                host.Console.Say($"{lost.Fault.What}; trying again");
            }

            isLost = true;
            return;
        }

        isLost = false;
    }

    private void Show(GetRequest request, ImmutableArray<WatchChange<T>> changes, WatchedSet<T> set, ResourceTable<T> table, WatchScreen screen, bool isFirst)
    {
        if (request.Format != OutputFormat.Table)
        {
            WriteDocuments(request.Format, changes);
        }
        else if (host.Console.IsOutTerminal)
        {
            var lines = table.Lines(set.Resources, Math.Max(host.Console.Width(), 20));
            screen.Draw(isLost ? [.. lines, "(the connection is lost; trying again)"] : lines);
        }
        else if (isFirst)
        {
            host.Console.Out.WriteLine(string.Join('\n', table.Lines(set.Resources)));
        }
        else
        {
            foreach (var change in changes)
            {
                host.Console.Out.WriteLine(table.Line(change.Resource.Resource, change.Kind == WatchChangeKind.Deleted));
            }
        }
    }

    private void WriteDocuments(OutputFormat format, ImmutableArray<WatchChange<T>> changes)
    {
        foreach (var change in changes)
        {
            if (format == OutputFormat.Json)
            {
                host.Console.Out.WriteLine(JsonText.Change(change.Kind.ToString().ToUpperInvariant(), change.Resource.Raw));
            }
            else if (change.Kind != WatchChangeKind.Deleted)
            {
                host.Console.Out.Write("---\n" + YamlText.Of(change.Resource.Raw));
            }
        }
    }
}
