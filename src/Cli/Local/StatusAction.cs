using System.Text.Json;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Local;

/// <summary><c>fleet status</c>.</summary>
internal sealed class StatusAction(CliHost host)
{
    private const string Degraded = nameof(Degraded);

    private static readonly ColumnShape[] Columns = ["PART", "STATE", new("PID") { IsNumber = true }, "SINCE", new("RESTARTS") { IsNumber = true }, new("LOG") { CutsMiddle = true }];

    /// <summary>Shows what runs from <paramref name="dataFolder"/>.</summary>
    /// <returns>The exit code: 6 where nothing runs, 1 where a part is down or all of it is being stopped.</returns>
    public async Task<int> RunAsync(string dataFolder, OutputFormat output, CancellationToken cancellationToken)
    {
        var control = new StackControl(dataFolder, host.Time);
        var found = await control.StateAsync(cancellationToken);
        if (!found.IsOk)
        {
            return host.Fail(DeployHints.Of(host, found.Fault));
        }

        var state = found.Value;
        var endpoint = (await control.EndpointAsync(cancellationToken)).Value;
        var parts = (state?.Parts ?? []).Select(Part).ToList();
        var status = new FleetStatus
        {
            Phase = state is null ? "Down" : state.Phase == StackPhase.Ready && parts.Exists(part => part.Pid is null) ? Degraded : state.Phase.ToString(),
            Server = endpoint?.Server,
            NatsUrl = endpoint?.NatsUrl,
            Devices = state?.Devices ?? 0,
            Process = state?.Supervisor.Pid,
            DataFolder = dataFolder,
            Fault = state?.Fault,
            Parts = [.. parts],
        };
        Show(status, output);
        return state is null ? host.Fail(Fault.Unreachable($"no fleet runs from {dataFolder}", $"start one with {host.Line("up")}"))
            : state.Phase == StackPhase.Stopping ? host.Fail(Fault.Permanent("the fleet is being stopped", $"wait for its end with {host.Line("down")}"))
            : status.Phase == Degraded ? host.Fail(Down(parts.Find(part => part.Pid is null)!)) : ExitCode.Done;
    }

    private static FleetPart Part(StackPart part) => new()
    {
        Name = part.Name,
        State = part.IsUp ? "Running" : "Down",
        Pid = part.IsUp ? part.Process!.Pid : null,
        Since = part.Since,
        Restarts = part.Restarts,
        LogFile = part.LogFile,
    };

    private static Fault Down(FleetPart part) => Fault.Permanent($"{part.Name} is down", $"it is started again by itself; see why it ended in {part.LogFile}");

    private void Show(FleetStatus status, OutputFormat output)
    {
        if (output == OutputFormat.Json)
        {
            host.Console.Out.WriteLine(JsonText.Pretty(JsonSerializer.SerializeToElement(status, LocalJson.Default.FleetStatus)));
            return;
        }

        (string Name, string? Value)[] lines =
        [
            ("phase", status.Phase), ("API", status.Server), ("NATS", status.NatsUrl), ("devices", $"{status.Devices}"),
            ("process", status.Process is { } pid ? $"{pid}" : null), ("data", status.DataFolder), ("trouble", status.Fault),
        ];
        foreach (var (name, value) in lines.Where(line => line.Value is not null))
        {
            host.Console.Out.WriteLine($"{name,-8} {Printable.Line(value!)}");
        }

        if (!status.Parts.IsEmpty)
        {
            host.Console.Out.WriteLine();
            ShowParts([.. status.Parts.Select(part => Row(part, status.DataFolder))]);
        }
    }

    private void ShowParts(List<Cell[]> rows)
    {
        var table = new Table(Columns);
        rows.ForEach(table.Fit);
        var width = host.Console.IsOutTerminal ? host.Console.OutSize().Columns : 0;
        host.Console.Out.WriteLine(table.Header(host.Console, width));
        rows.ForEach(row => host.Console.Out.WriteLine(table.Line(row, host.Console, width)));
    }

    private Cell[] Row(FleetPart part, string dataFolder) =>
    [
        part.Name, new Cell(part.State, part.Pid is null ? Color.Red : Color.Green), part.Pid is { } pid ? $"{pid}" : "-",
        Age.Of(part.Since, host.Time.GetUtcNow()), $"{part.Restarts}", Path.GetRelativePath(dataFolder, part.LogFile),
    ];
}
