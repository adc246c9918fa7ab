using System.CommandLine;
using Harmony.Fleet.Cli.Backups;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Cli.Options;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet restore FILE</c>.</summary>
internal static class RestoreCommand
{
    private const string Description = "Put a backup into the data folder. All of it is checked before anything is touched, and what it replaces is kept.";

    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var file = new Argument<string>("FILE") { HelpName = "FILE", Description = "The backup." };
        var replace = new Option<bool>("--replace") { Description = "Put it in the place of the store of the same fleet, which must be down. The store that was there is kept beside it." };
        var passphrase = Passphrase.Option();
        var command = new CliCommand("restore", Description, "restore fleet.backup", "restore fleet.backup --replace --passphrase-file /root/passphrase") { file, replace, passphrase };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = DataFolder.Locate(host, global.Data(parsed));
            return folder.IsOk
                ? await new BackupAction(host).RestoreAsync(folder.Value, parsed.GetValue(file)!, parsed.GetValue(passphrase), parsed.GetValue(replace), cancellationToken)
                : host.Fail(folder.Fault);
        });
        return global.OfDataFolder(command);
    }
}
