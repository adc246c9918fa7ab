using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Local;

/// <summary>A fleet whose own process was stopped by a signal: nothing is watched over, nothing is done that is asked of it.</summary>
internal static class SuspendedFleet
{
    /// <summary>What to say of it.</summary>
    public static Fault Trouble(CliHost host, int process) => Fault.Permanent(
        $"process {process}, which runs the fleet, is stopped (SIGSTOP or Ctrl-Z)",
        $"let it go on with kill -CONT {process} (or fg in its terminal), or end it with {host.Line("down")}");
}
