using System.CommandLine;
using Harmony.Fleet.Cli.Backups;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Cli.Options;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet backup FILE</c>.</summary>
internal static class BackupCommand
{
    private const string Description = "Back up the fleet of the data folder while it runs: its store and all of its keys, encrypted with a passphrase.";

    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var file = new Argument<string>("FILE") { HelpName = "FILE", Description = "The backup to write. Nothing may be there." };
        var passphrase = Passphrase.Option();
        var command = new CliCommand("backup", Description, "backup fleet-2026-11-27.backup", "backup /mnt/fleet.backup --passphrase-file /root/passphrase") { file, passphrase };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = DataFolder.Locate(host, global.Data(parsed));
            return folder.IsOk
                ? await new ServerSession(host, global, cancellationToken).RunAtAsync(
                    folder.Value, parsed, client => new BackupAction(host).BackupAsync(client, folder.Value, parsed.GetValue(file)!, parsed.GetValue(passphrase), cancellationToken))
                : host.Fail(folder.Fault);
        });
        return global.OfDataFolder(command);
    }
}
