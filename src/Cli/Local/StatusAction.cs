using System.Text.Json;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Local;

/// <summary><c>fleet status</c>.</summary>
internal sealed class StatusAction(CliHost host)
{
    /// <summary>Shows what runs from <paramref name="dataFolder"/>.</summary>
    /// <returns>The exit code: 6 where nothing runs.</returns>
    public async Task<int> RunAsync(string dataFolder, OutputFormat output, CancellationToken cancellationToken)
    {
        var control = new StackControl(dataFolder, host.Time);
        var found = await control.StateAsync(cancellationToken);
        if (!found.IsOk)
        {
            return host.Fail(found.Fault);
        }

        var state = found.Value;
        var endpoint = (await control.EndpointAsync(cancellationToken)).Value;
        var status = new FleetStatus
        {
            Phase = state is null ? "Down" : state.Phase.ToString(),
            Server = endpoint?.Server,
            NatsUrl = endpoint?.NatsUrl,
            Devices = state?.Devices ?? 0,
            Process = state?.Supervisor.Pid,
            DataFolder = dataFolder,
            Fault = state?.Fault,
        };
        Show(status, output);
        return state is null ? host.Fail(Fault.Unreachable($"no fleet runs from {dataFolder}", $"start one with {host.Line("up")}")) : ExitCode.Done;
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
            ("phase", status.Phase), ("API", status.Server), ("NATS", status.NatsUrl), ("devices", $"{status.Devices}"),
            ("process", status.Process is { } pid ? $"{pid}" : null), ("data", status.DataFolder), ("trouble", status.Fault),
        ];
        foreach (var (name, value) in lines.Where(line => line.Value is not null))
        {
            host.Console.Out.WriteLine($"{name,-8} {value}");
        }
    }
}
