using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Aggregation;

/// <summary>How one pair stands, and its error.</summary>
/// <param name="State">Its state.</param>
/// <param name="Error">What went wrong with the current version; null for nothing.</param>
public readonly record struct Verdict(PairState State, DeviceError? Error)
{
    /// <summary>The state of a pair (design D15): nothing but Running with the right uid and digest on a reachable device is a success.</summary>
    /// <param name="reachable">Whether the device is.</param>
    /// <param name="named">What the device's manifest names; null where the deployment has no place on it.</param>
    /// <param name="reported">What the device says; null where it says nothing.</param>
    public static Verdict Of(bool reachable, ScoreIdentity? named, ReportedDeployment? reported)
    {
        var current = named is not null && reported is { } said && said.Identity == named ? reported : null;
        var state = (reachable, current?.Phase) switch
        {
            (false, _) => PairState.Unreachable,
            (_, Phase.Running) => PairState.Succeeded,
            (_, Phase.Failed) => PairState.Failed,
            _ => PairState.Pending,
        };
        return new(state, current?.Error);
    }
}
