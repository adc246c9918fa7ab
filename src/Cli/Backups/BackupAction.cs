using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Backups;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Backups;

/// <summary><c>fleet backup</c> and <c>fleet restore</c>.</summary>
internal sealed class BackupAction(CliHost host)
{
    private const double Mebibyte = 1024 * 1024;

    /// <summary>Backs the fleet of a data folder up, which runs meanwhile.</summary>
    public async Task<int> BackupAsync(FleetClient client, string dataFolder, string file, string passphrase, CancellationToken cancellationToken)
    {
        if (new StackMark(dataFolder).Owner() is not StackOwner.Fleet)
        {
            return host.Fail(Fault.Invalid($"no fleet was set up in {dataFolder}", "a backup holds the keys of its data folder: name it with --data"));
        }

        var target = host.FullPath(file);
        host.Console.Say($"Copying the store of {dataFolder} ...");
        var answer = await client.BackupAsync(cancellationToken);
        if (!answer.IsOk)
        {
            return host.Fail(answer.Fault);
        }

        using var copy = answer.Value;
        if (copy.Content.Headers.ContentLength is not { } bytes)
        {
            return host.Fail(ApiErrors.NotUnderstood(client.Server));
        }

        await using var store = await copy.Content.ReadAsStreamAsync(cancellationToken);
        var written = await FleetBackup.WriteAsync(dataFolder, store, bytes, target, passphrase, cancellationToken);
        if (!written.IsOk)
        {
            return host.Fail(written.Fault);
        }

        host.Console.Out.WriteLine($"backup {target} written ({written.Value / Mebibyte:0.0} MiB)");
        host.Console.Say("It holds the store and all keys of the fleet, and opens with the passphrase alone: keep both, and not in one place.");
        return ExitCode.Done;
    }

    /// <summary>Puts a backup back.</summary>
    public async Task<int> RestoreAsync(string dataFolder, string file, string passphrase, bool isReplacing, CancellationToken cancellationToken)
    {
        var restored = await new FleetRestore(dataFolder, host.Time).RunAsync(host.FullPath(file), passphrase, isReplacing, cancellationToken);
        if (!restored.IsOk)
        {
            return host.Fail(DeployHints.Of(host, restored.Fault));
        }

        host.Console.Out.WriteLine($"fleet restored into {dataFolder}");
        if (restored.Value is { } kept)
        {
            host.Console.Say($"What was there is kept in {kept}.");
        }

        host.Console.Say($"Start it with {host.Line("up")}. Deployments that are newer than the backup stay on their devices: {host.Line("recover")} shows them.");
        return ExitCode.Done;
    }
}
