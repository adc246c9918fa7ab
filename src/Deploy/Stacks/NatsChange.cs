using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Scores;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>
/// Another number of NATS servers than before, while none of them runs. A server cannot take what it kept alone into a cluster, nor out of one: it would remove
/// it. So that is put aside, and all of it is made again, as after the loss of NATS: from the operator's store, and from what devices say.
/// </summary>
/// <param name="dataFolder">The data folder.</param>
/// <param name="documents">Its documents.</param>
internal sealed class NatsChange(string dataFolder, StackFiles documents)
{
    /// <summary>Puts aside what they kept, and writes the number down: a start that does not succeed goes on from there.</summary>
    /// <returns>Null, or why the number stays as it was.</returns>
    public async Task<Fault?> RunAsync(StackWish before, int nodes, IProgress<DeployNews> progress, CancellationToken cancellationToken)
    {
        if (before.HasStood && !File.Exists(Path.Combine(dataFolder, StackPaths.OperatorStore)))
        {
            return Fault.Permanent(
                $"the operator's store ({StackPaths.OperatorStore}) is missing, so NATS alone knows what devices run, and with another number of servers it forgets that",
                $"start it with --nats-nodes {before.NatsNodes}, and see what fleet recover says");
        }

        try
        {
            if (PutAside())
            {
                progress.Report(DeployNews.Note(
                    $"NATS has {Servers(nodes)} from now on, and had {before.NatsNodes}: what it held is made again; it is kept in {StackPaths.NatsBefore} until the number changes again"));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Fault.Permanent($"what NATS kept could not be put aside ({failure.Message.TrimEnd('.')})", "mend that, then try again");
        }

        return await documents.WriteAsync(before with { NatsNodes = nodes }, cancellationToken);
    }

    private static string Servers(int nodes) => nodes == 1 ? "1 server" : $"{nodes} servers";

    /// <returns>Whether there was anything.</returns>
    private bool PutAside()
    {
        var nats = Path.Combine(dataFolder, StackPaths.Nats);
        string[] kept = !Directory.Exists(nats) ? [] : [.. Directory.GetDirectories(nats, "jetstream"), .. Directory.GetDirectories(nats, "node-*")];
        if (kept.Length == 0)
        {
            return false;
        }

        var aside = Path.Combine(dataFolder, StackPaths.NatsBefore);
        if (Directory.Exists(aside))
        {
            Directory.Delete(aside, recursive: true);
        }

        Directory.CreateDirectory(aside, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var folder in kept)
        {
            Directory.Move(folder, Path.Combine(aside, Path.GetFileName(folder)));
        }

        return true;
    }
}
