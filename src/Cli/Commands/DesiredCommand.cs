using System.CommandLine;
using Harmony.Fleet.Cli.Completing;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Contracts.Json;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet desired DEVICE</c>.</summary>
internal static class DesiredCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var device = ResourceArguments.RequiredName("device", new ResourceNames(host, global).Devices, "DEVICE");
        var output = OutputOption.Create(OutputFormat.Json, OutputFormat.Yaml);
        var command = new CliCommand("desired", "Show a device's manifest as it stands on the bus, with its scores decrypted.", "desired pi-1", "desired pi-1 -o yaml") { device, output };
        command.SetAction((parsed, cancellationToken) => new ServerSession(host, global, cancellationToken).RunAsync(parsed, async client =>
        {
            var desired = client.Parse(ContractsJson.Api.JsonElement, await client.DesiredAsync(parsed.GetValue(device)!, cancellationToken));
            if (!desired.IsOk)
            {
                return host.Fail(desired.Fault);
            }

            host.Console.Out.Write(parsed.GetValue(output) == OutputFormat.Yaml ? YamlText.Of(desired.Value) : JsonText.Pretty(desired.Value) + "\n");
            return ExitCode.Done;
        }));
        return command;
    }
}
