using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Local;

/// <summary><c>fleet down</c>.</summary>
internal sealed class DownAction(CliHost host)
{
    /// <summary>Ends the fleet of <paramref name="dataFolder"/>, and with <paramref name="purge"/> removes what it kept.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string dataFolder, bool purge, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(dataFolder))
        {
            host.Console.Say($"No fleet was ever started from {dataFolder}.");
            return ExitCode.Done;
        }

        var stopped = await new StackControl(dataFolder, host.Time).StopAsync(cancellationToken);
        var removal = new StackRemoval(dataFolder);
        var fault = purge ? await removal.PurgeAsync(cancellationToken) : await removal.StopContainersAsync(cancellationToken);
        if (fault is not null)
        {
            return host.Fail(Faults.ToError(fault));
        }

        host.Console.Say(stopped ? "The fleet is down." : "No fleet ran.");
        host.Console.Say(purge ? $"What it kept in {dataFolder} is removed." : $"Its data stays in {dataFolder}; ./fleet down --purge removes it.");
        return ExitCode.Done;
    }
}
