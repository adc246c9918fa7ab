using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Layout;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Backups;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Backups;

/// <summary><c>fleet backup</c> and <c>fleet restore</c>.</summary>
internal sealed class BackupAction(CliHost host)
{
    /// <summary>Backs the fleet of a data folder up, which runs meanwhile.</summary>
    /// <param name="client">Its operator.</param>
    /// <param name="dataFolder">The folder.</param>
    /// <param name="file">The backup.</param>
    /// <param name="passphraseFile">The file that holds the passphrase; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> BackupAsync(FleetClient client, string dataFolder, string file, string? passphraseFile, CancellationToken cancellationToken)
    {
        if (new StackMark(dataFolder).Owner() is not StackOwner.Fleet)
        {
            return host.Fail(Fault.Invalid($"no fleet was set up in {dataFolder}", "a backup holds the keys of its data folder: name it with --data"));
        }

        // A passphrase is typed twice: not for nothing.
        var target = host.FullPath(file);
        if (FleetBackup.Refusal(target) is { } refusal)
        {
            return host.Fail(refusal);
        }

        var passphrase = await new Passphrase(host).GetAsync(passphraseFile, isNew: true, cancellationToken);
        if (!passphrase.IsOk)
        {
            return host.Fail(passphrase.Fault);
        }

        host.Console.Say($"Copying the store of {dataFolder} ...");
        var answer = await CopyAsync(client, cancellationToken);
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
        var written = await FleetBackup.WriteAsync(dataFolder, store, bytes, target, passphrase.Value, cancellationToken);
        if (!written.IsOk)
        {
            return host.Fail(written.Fault);
        }

        host.Console.Out.WriteLine($"backup {target} written ({SizeText.Of(written.Value)})");
        host.Console.Say("It holds the store and all keys of the fleet, and opens with the passphrase alone: keep both, and not in one place.");
        return ExitCode.Done;
    }

    /// <summary>A large store takes minutes to be copied, and nothing of it comes before.</summary>
    private async Task<Outcome<HttpResponseMessage>> CopyAsync(FleetClient client, CancellationToken cancellationToken)
    {
        var (began, lines) = (host.Time.GetUtcNow(), new PassingLines(host));
        try
        {
            return await client.BackupAsync(() => lines.Show(now => $"The operator still copies it, for {Elapsed.Text(now - began)} by now."), cancellationToken);
        }
        finally
        {
            lines.Clear();
        }
    }

    /// <summary>Puts a backup back.</summary>
    /// <param name="dataFolder">Where.</param>
    /// <param name="file">The backup.</param>
    /// <param name="passphraseFile">The file that holds the passphrase; null for none.</param>
    /// <param name="isReplacing">Whether it may take the place of a store that is there.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RestoreAsync(string dataFolder, string file, string? passphraseFile, bool isReplacing, CancellationToken cancellationToken)
    {
        var (restore, source) = (new FleetRestore(dataFolder, host.Time), host.FullPath(file));
        if (await restore.RefusalAsync(source, isReplacing, cancellationToken) is { } refusal)
        {
            return host.Fail(DeployHints.Of(host, refusal));
        }

        var turn = new InterruptedRestores(host, dataFolder).Begin();
        if (turn.Fault is { } taken)
        {
            return host.Fail(taken);
        }

        using var mine = turn.Value;
        var passphrase = await new Passphrase(host).GetAsync(passphraseFile, isNew: false, cancellationToken);
        if (!passphrase.IsOk)
        {
            return host.Fail(passphrase.Fault);
        }

        var restored = await restore.RunAsync(source, passphrase.Value, isReplacing, cancellationToken);
        if (!restored.IsOk)
        {
            return host.Fail(DeployHints.Of(host, restored.Fault));
        }

        host.Console.Out.WriteLine($"fleet restored into {dataFolder}");
        if (restored.Value is { } kept)
        {
            host.Console.Say($"What was there is kept in {kept}.");
        }

        host.Console.Say($"Start it with {host.Line("up")}. Deployments that are newer than the backup stay on their devices: {host.Line("recover")} shows them. What was changed after the backup goes back to its older version, on the devices too, and what was deleted after it is deployed again.");
        return ExitCode.Done;
    }
}
