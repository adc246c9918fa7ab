using Harmony.Fleet.Cli.Outcomes;
using Harmony.Fleet.Deploy.Outcomes;

namespace Harmony.Fleet.Cli.Local;

/// <summary>Faults of a deployment as errors of a command.</summary>
internal static class Faults
{
    /// <summary>The error that tells of <paramref name="fault"/>.</summary>
    public static CliError ToError(Fault fault)
    {
        var code = fault.Kind switch
        {
            FaultKind.Usage => ExitCode.Usage,
            FaultKind.TimedOut => ExitCode.TimedOut,
            FaultKind.Conflict => ExitCode.Conflict,
            FaultKind.Unreachable => ExitCode.Unreachable,
            _ => ExitCode.Failed,
        };
        return new CliError(code, fault.What, fault.Advice.Length == 0 ? null : fault.Advice);
    }
}
