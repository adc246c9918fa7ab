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
    private const string Running = nameof(Running);
    private const string Operator = "operator";

    private static readonly ColumnShape[] Columns = ["PART", "STATE", new("PID") { IsNumber = true }, "SINCE", new("RESTARTS") { IsNumber = true }, new("LOG") { CutsMiddle = true }];

    /// <summary>Shows what runs from <paramref name="dataFolder"/>.</summary>
    /// <returns>The exit code: 6 where nothing runs, 1 where a part is down or does not answer, or all of it is being stopped.</returns>
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
        var trouble = state?.Phase == StackPhase.Ready ? await control.OperatorTroubleAsync(cancellationToken) : null;
        var parts = (state?.Parts ?? []).Select(part => Part(part, trouble)).ToList();
        var status = new FleetStatus
        {
            Phase = state is null ? "Down" : state.Phase == StackPhase.Ready && parts.Exists(part => part.State != Running) ? Degraded : state.Phase.ToString(),
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
            : status.Phase == Degraded ? host.Fail(Why(parts.Find(part => part.Pid is null) ?? parts.Find(part => part.State != Running)!, trouble)) : ExitCode.Done;
    }

    private static FleetPart Part(StackPart part, string? trouble) => new()
    {
        Name = part.Name,
        State = !part.IsUp ? "Down" : part.Name == Operator && trouble is not null ? "Silent" : Running,
        Pid = part.IsUp ? part.Process!.Pid : null,
        Since = part.Since,
        Restarts = part.Restarts,
        LogFile = part.LogFile,
    };

    private static Fault Why(FleetPart part, string? trouble) => part.Pid is null
        ? Fault.Permanent($"{part.Name} is down", $"it is started again by itself; see why it ended in {part.LogFile}")
        : Fault.Permanent($"{part.Name} {trouble}", $"see {part.LogFile}; where its process {part.Pid} hangs, end it with kill -9, and it is started again by itself");

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
        part.Name, new Cell(part.State, part.State == Running ? Color.Green : Color.Red), part.Pid is { } pid ? $"{pid}" : "-",
        Age.Of(part.Since, host.Time.GetUtcNow()), $"{part.Restarts}", Path.GetRelativePath(dataFolder, part.LogFile),
    ];
}
