using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Contracts.Texts;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Local;

/// <summary><c>fleet status</c>.</summary>
internal sealed class StatusAction(CliHost host)
{
    private const string Running = nameof(Running);
    private const string Stopped = nameof(Stopped);
    private const string Down = nameof(Down);
    private const string Degraded = nameof(Degraded);
    private const string Silent = nameof(Silent);
    private const string Warning = nameof(Warning);
    private const string Suspended = nameof(Suspended);
    private const string Orphaned = nameof(Orphaned);
    private const string Operator = "operator";

    private static readonly ColumnShape[] Columns = ["PART", "STATE", new("PID") { IsNumber = true }, "SINCE", new("RESTARTS") { IsNumber = true }, new("LOG") { CutsMiddle = true }];

    /// <summary>Shows what runs from <paramref name="dataFolder"/>.</summary>
    /// <returns>The exit code: 6 where nothing runs, 1 where not all is well.</returns>
    public async Task<int> RunAsync(string dataFolder, OutputFormat output, CancellationToken cancellationToken)
    {
        var control = new StackControl(dataFolder, host.Time);
        var found = await control.StateAsync(cancellationToken);
        if (!found.IsOk)
        {
            return host.Fail(DeployHints.Of(host, found.Fault));
        }

        // A start may have come in between.
        ImmutableArray<LeftProcess> left = found.Value is null ? new StackLeftovers(dataFolder, host.Time).Find() : [];
        var state = found.Value ?? (left.IsEmpty ? null : (await control.StateAsync(cancellationToken)).Value);
        var last = state ?? await control.LastWordsAsync(cancellationToken);
        var devices = state is null ? await control.KeptDevicesAsync(cancellationToken) : state.Devices;
        if (!devices.IsOk && left.IsEmpty)
        {
            return host.Fail(DeployHints.Of(host, devices.Fault));
        }

        var endpoint = (await control.EndpointAsync(cancellationToken)).Value;
        var answer = state?.Phase == StackPhase.Ready ? await control.AskOperatorAsync(cancellationToken) : OperatorAnswer.None;
        var silence = answer.Trouble;
        var parts = (state is null
            ? left.GroupBy(process => process.IsContainer).OrderBy(kind => kind.Key).SelectMany(kind => PartOrder.Of(kind.Select(process => Part(process, last))))
            : PartOrder.Of(state.Parts.Select(part => Part(part, silence)))).ToList();
        var status = new FleetStatus
        {
            Phase = Phase(state, parts),
            Server = endpoint?.Server,
            NatsUrl = endpoint?.NatsUrl,
            Devices = devices.IsOk ? devices.Value : last?.Devices ?? 0,
            Process = state?.Supervisor.Pid,
            DataFolder = dataFolder,
            Control = answer.State,
            AwaitingReport = answer.AwaitingReport,
            UnknownDeployments = answer.UnknownDeployments,
            Fault = state?.Fault,
            Parts = [.. parts],
        };
        Show(status, output);
        return Trouble(status, left, last, silence) is { } trouble ? host.Fail(trouble) : ExitCode.Done;
    }

    private static string Phase(StackState? state, List<FleetPart> parts) =>
        state is null ? parts.Count > 0 ? Orphaned : Down
        : state.Supervisor.IsStopped ? Suspended
        : state.Phase == StackPhase.Ready && parts.Exists(part => part.State != Running) ? Degraded
        : state.Phase.ToString();

    private Fault? Trouble(FleetStatus status, ImmutableArray<LeftProcess> left, StackState? last, string? silence) => status.Phase switch
    {
        Down => RunningFleet.None(status.DataFolder, host.Line("up")),
        Orphaned => Fault.Permanent(
            $"{(last is null ? "the process" : $"process {last.Supervisor.Pid}")} that ran the fleet is gone, and this still runs: {LeftText.Of(left)}",
            $"end it with {host.Line("down")}, or have the fleet run again with {host.Line("up")}"),
        Suspended => SuspendedFleet.Trouble(host, status.Process!.Value),
        nameof(StackPhase.Starting) => Fault.Permanent("the fleet is being started", "ask again in a moment"),
        nameof(StackPhase.Stopping) => Fault.Permanent("the fleet is being stopped", $"wait for its end with {host.Line("down")}"),
        Degraded => Why(status.Parts.FirstOrDefault(part => part.State == Down) ?? status.Parts.First(part => part.State != Running), silence),
        _ => null,
    };

    private static FleetPart Part(StackPart part, string? silence) => new()
    {
        Name = part.Name,
        State = !part.IsUp ? Down : part.IsStopped ? Stopped : part.Name != Operator || silence is null ? Running : Warns(silence) ? Warning : Silent,
        Pid = part.IsUp ? part.Process!.Pid : null,

        // That it went is not written down yet, or nobody is there to write it: what is there tells when it came up.
        Since = part.IsUp || part.Process is null ? part.Since : null,
        Restarts = part.Restarts,
        LogFile = part.LogFile,
    };

    private static bool Warns(string trouble) => trouble.StartsWith(StackControl.Says, StringComparison.Ordinal);

    private Fault Why(FleetPart part, string? silence) => part.State switch
    {
        Down => Fault.Permanent($"{part.Name} is down", $"it is started again by itself; see why it ended in {part.LogFile}"),
        Stopped => Fault.Permanent($"{part.Name} is stopped by a signal (process {part.Pid})", $"let it go on with kill -CONT {part.Pid}"),
        Warning when DeployHints.OfOperator(host, silence!) is var pasted && pasted != silence => Fault.Permanent($"the {part.Name} {pasted}"),
        Warning => Fault.Permanent($"the {part.Name} {silence}", $"see {part.LogFile}"),
        _ => Fault.Permanent($"{part.Name} {silence}", $"see {part.LogFile}; where its process {part.Pid} hangs, end it with kill -9, and it is started again by itself"),
    };

    private static FleetPart Part(LeftProcess left, StackState? last)
    {
        var before = last?.Parts.FirstOrDefault(part => part.Process == left.Process);
        return new()
        {
            Name = left.Name,
            State = left.Process.IsStopped ? Stopped : Running,
            Pid = left.Process.Pid,
            Since = before?.Since,
            Restarts = before?.Restarts ?? 0,
            LogFile = before?.LogFile,
        };
    }

    private void Show(FleetStatus status, OutputFormat output)
    {
        if (output == OutputFormat.Json)
        {
            host.Console.Out.WriteLine(JsonText.Pretty(JsonSerializer.SerializeToElement(status, LocalJson.Default.FleetStatus)));
            return;
        }

        (string Name, string? Value)[] lines =
        [
            ("phase", status.Phase), ("control", status.Control),
            ("awaiting", status.AwaitingReport > 0 ? $"the {(status.AwaitingReport == 1 ? "report" : "reports")} of {CountText.Of(status.AwaitingReport.Value, "device")}" : null),
            ("unknown", status.UnknownDeployments > 0 ? $"{CountText.Of(status.UnknownDeployments.Value, "deployment")} that one device alone says it runs: see {host.Line("recover")}" : null),
            ("API", status.Server), ("NATS", status.NatsUrl), ("devices", $"{status.Devices}"),
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
        part.Since is { } since ? Age.Of(since, host.Time.GetUtcNow()) : "-", $"{part.Restarts}", part.LogFile is { } log ? Path.GetRelativePath(dataFolder, log) : "-",
    ];
}
