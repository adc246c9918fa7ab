using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Local;

/// <summary><c>fleet down</c>.</summary>
internal sealed class DownAction(CliHost host)
{
    /// <summary>Ends the fleet of <paramref name="dataFolder"/>, and with <paramref name="purge"/> removes what it kept.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(string dataFolder, bool purge, CancellationToken cancellationToken) => new StackMark(dataFolder).Owner() switch
    {
        StackOwner.Fleet => EndAsync(dataFolder, purge, cancellationToken),
        StackOwner.Unclear unclear => Task.FromResult(host.Fail(unclear.Why)),
        _ => Task.FromResult(NeverSetUp(dataFolder)),
    };

    private async Task<int> EndAsync(string dataFolder, bool purge, CancellationToken cancellationToken)
    {
        var stopped = await new StackControl(dataFolder, host.Time).StopAsync(cancellationToken);
        var removal = new StackRemoval(dataFolder);
        if ((purge ? await removal.PurgeAsync(cancellationToken) : await removal.StopContainersAsync(cancellationToken)) is { } fault)
        {
            return host.Fail(DeployHints.Of(host, fault));
        }

        host.Console.Say(stopped ? "The fleet is down." : "No fleet ran.");
        host.Console.Say(purge ? $"What it kept in {dataFolder} is removed." : $"Its data stays in {dataFolder}; {host.Line("down --purge")} removes it.");
        return ExitCode.Done;
    }

    /// <summary>Where nothing is, all is done; a folder of somebody else's was named by mistake.</summary>
    private int NeverSetUp(string dataFolder)
    {
        if (Directory.Exists(dataFolder) && Directory.EnumerateFileSystemEntries(dataFolder).Any())
        {
            return host.Fail(Fault.Invalid($"no fleet was ever set up in {dataFolder}, and nothing there was touched", "name a fleet's data folder with --data"));
        }

        host.Console.Say($"No fleet was ever set up in {dataFolder}.");
        return ExitCode.Done;
    }
}
