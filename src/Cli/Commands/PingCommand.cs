using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Harmony.Fleet.Cli.Completing;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Texts;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet ping DEVICE</c>.</summary>
internal static class PingCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var device = ResourceArguments.RequiredName("device", new ResourceNames(host, global).Devices, "DEVICE");
        var output = OutputOption.Create(OutputFormat.Table, OutputFormat.Json);
        var command = new CliCommand("ping", "Ask a device for a sign of life, and tell how long it took.", "ping pi-1", "ping pi-1 -o json") { device, output };
        command.SetAction((parsed, cancellationToken) => new ServerSession(host, global, cancellationToken).RunAsync(parsed, async client =>
        {
            var pinged = await client.PingAsync(parsed.GetValue(device)!, cancellationToken);
            if (!pinged.IsOk)
            {
                return host.Fail(pinged.Fault);
            }

            var result = pinged.Value;
            host.Console.Out.WriteLine(parsed.GetValue(output) == OutputFormat.Json
                ? JsonText.Pretty(JsonSerializer.SerializeToElement(result, ContractsJson.Api.PingResult))
                : string.Create(CultureInfo.InvariantCulture, $"{result.Device}: agent {Printable.Line(result.AgentVersion)}, up {Age.Of(TimeSpan.FromSeconds(result.UptimeSeconds))}, round trip {result.RoundTripMilliseconds:0.0} ms"));
            return ExitCode.Done;
        }));
        return command;
    }
}
