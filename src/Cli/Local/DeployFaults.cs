using Harmony.Fleet.Core.Outcomes;
using DeployFault = Harmony.Fleet.Deploy.Outcomes.Fault;
using DeployFaultKind = Harmony.Fleet.Deploy.Outcomes.FaultKind;

namespace Harmony.Fleet.Cli.Local;

/// <summary>What Deploy says of a failure, in the words of the product.</summary>
internal static class DeployFaults
{
    /// <summary>The same as a <see cref="Fault"/>.</summary>
    public static Fault Of(DeployFault fault)
    {
        var kind = fault.Kind switch
        {
            DeployFaultKind.Usage => FaultKind.Invalid,
            DeployFaultKind.TimedOut => FaultKind.TimedOut,
            DeployFaultKind.Conflict => FaultKind.Conflict,
            DeployFaultKind.Unreachable => FaultKind.Unreachable,
            _ => FaultKind.Permanent,
        };
        return new Fault(kind, fault.What, fault.Advice);
    }
}
