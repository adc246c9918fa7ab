using System.CommandLine;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Output;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet status</c>.</summary>
internal static class StatusCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var output = OutputOption.Create(OutputFormat.Table, OutputFormat.Json);
        var command = new CliCommand("status", "Show what runs from the data folder, and where it listens. The exit code is 6 where nothing runs.", "status", "status -o json") { output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = DataFolder.Locate(host, global.Data(parsed));
            return folder.IsOk
                ? await new StatusAction(host).RunAsync(folder.Value, parsed.GetValue(output), cancellationToken)
                : host.Fail(folder.Fault);
        });
        return global.OfDataFolder(command);
    }
}
