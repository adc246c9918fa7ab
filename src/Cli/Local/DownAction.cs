using System.Collections.Immutable;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Local;

/// <summary>What <c>fleet down</c> was asked for.</summary>
/// <param name="DataFolder">The data folder: absolute.</param>
/// <param name="Purge">Whether what it kept is removed.</param>
/// <param name="Now">Whether containers are killed rather than given time to end.</param>
internal sealed record DownRequest(string DataFolder, bool Purge, bool Now);

/// <summary><c>fleet down</c>.</summary>
internal sealed class DownAction(CliHost host)
{
    /// <summary>Ends the fleet, and removes what it kept where that was asked for.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(DownRequest request, CancellationToken cancellationToken) => new StackMark(request.DataFolder).Owner() switch
    {
        StackOwner.Fleet => EndAsync(request, cancellationToken),
        StackOwner.Unclear unclear => Task.FromResult(host.Fail(DeployHints.Of(host, unclear.Why))),
        _ => Task.FromResult(NeverSetUp(request.DataFolder)),
    };

    private async Task<int> EndAsync(DownRequest request, CancellationToken cancellationToken)
    {
        var control = new StackControl(request.DataFolder, host.Time);
        var before = await control.LastWordsAsync(cancellationToken);
        var countdown = new StopCountdown(host, request.Now ? null : host.Line("down --now"));
        var stopped = await StopAsync(request, control, countdown, cancellationToken);
        if (!stopped.IsOk)
        {
            return host.Fail(DeployHints.Of(host, stopped.Fault));
        }

        var left = stopped.Value == StopResult.NoneRan ? new StackLeftovers(request.DataFolder, host.Time).Find() : [];
        if (await RemoveAsync(request, countdown, cancellationToken) is { } fault)
        {
            return host.Fail(DeployHints.Of(host, fault));
        }

        host.Console.Say(Ended(stopped.Value, before, left));
        host.Console.Say(request.Purge
            ? $"What it kept in {request.DataFolder} is removed."
            : $"Its data stays in {request.DataFolder}; {host.Line("down --purge")} removes it.");
        return ExitCode.Done;
    }

    private async Task<Fault?> RemoveAsync(DownRequest request, StopCountdown countdown, CancellationToken cancellationToken)
    {
        var removal = new StackRemoval(request.DataFolder);
        if (!request.Purge)
        {
            return await countdown.WhileAsync(removal.StopContainersAsync(request.Now, countdown.TellAsync, cancellationToken));
        }

        var shown = new RemovalProgress(host);
        try
        {
            return await removal.PurgeAsync(shown, cancellationToken);
        }
        finally
        {
            shown.Clear();
        }
    }

    private static string Ended(StopResult stopped, StackState? before, ImmutableArray<LeftProcess> left) => stopped switch
    {
        StopResult.Ended => "The fleet is down.",
        StopResult.Killed => $"The fleet is down; process {before?.Supervisor.Pid}, which ran it, did not end by itself and was killed.",
        _ when left.IsEmpty => "No fleet ran.",
        _ => $"The fleet is down; the process that ran it was gone already, and what it had left is ended: {LeftText.Of(left)}.",
    };

    /// <summary>Whoever does not wait for the end is told that it comes all the same.</summary>
    private async Task<Outcome<StopResult>> StopAsync(DownRequest request, StackControl control, StopCountdown countdown, CancellationToken cancellationToken)
    {
        try
        {
            return await countdown.WhileAsync(control.StopAsync(request.Now, countdown, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            host.Console.Say("The fleet goes on ending in the background.");
            throw;
        }
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
