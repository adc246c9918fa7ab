using System.CommandLine;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Cli.Options;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet down</c>.</summary>
internal static class DownCommand
{
    private const string Description = "End the fleet that runs from the data folder, its containers included. Its data stays: fleet up starts it again as it was.";

    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var purge = new Option<bool>("--purge") { Description = "Remove everything that it kept, too: deployments, keys, images, containers." };
        var now = new Option<bool>("--now") { Description = "Kill containers at once, rather than give each the time to end that it was deployed with." };
        var command = new CliCommand("down", Description, "down", "down --purge", "down --now") { purge, now };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = DataFolder.Locate(host, global.Data(parsed));
            return folder.IsOk
                ? await new DownAction(host).RunAsync(
                    new DownRequest(folder.Value, parsed.GetValue(purge), parsed.GetValue(now)), cancellationToken)
                : host.Fail(folder.Fault);
        });
        return global.OfDataFolder(command);
    }
}
