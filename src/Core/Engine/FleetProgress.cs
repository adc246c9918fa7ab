namespace Harmony.Fleet.Core.Engine;

/// <summary>How far the operator is on its way to a fleet in which every stored manifest is the one that is wanted.</summary>
/// <param name="Phase">Where it is.</param>
/// <param name="Percent">How much of that is done: 100 when all is, and at most 99 before.</param>
/// <param name="Devices">The devices that it knows.</param>
/// <param name="Unsettled">Those of them whose manifest is still to be written, or verified.</param>
/// <param name="Awaiting">Those of them that are given nothing before they report what they hold: nothing is to be written for them until then.</param>
public sealed record FleetProgress(FleetPhase Phase, int Percent, int Devices, int Unsettled, int Awaiting)
{
    /// <summary>An operator that has just begun.</summary>
    public static FleetProgress None { get; } = new(FleetPhase.Recovering, 0, 0, 0, 0);

    /// <summary>It in words: <c>recovering 63 %</c>, <c>converging 99 %</c>, <c>converged</c>.</summary>
    public override string ToString() => Phase switch
    {
        FleetPhase.Converged => "converged",
        FleetPhase.Converging => $"converging {Percent} %",
        _ => $"recovering {Percent} %",
    };

    internal static FleetProgress Of(FleetState state)
    {
        var (devices, unsettled, awaiting) = (state.Devices.Count, state.Unsettled + state.Model.SpreadCount, state.Awaiting.Count);
        if (!state.KnowsAll)
        {
            ReadOnlySpan<bool> known =
            [
                state.Term is not null, state.AreDeploymentsListed, state.AreDevicesListed, state.AreBucketsReady,
                state.CaughtUp.Contains(Events.WatchedBucket.DesiredState), state.CaughtUp.Contains(Events.WatchedBucket.DeviceState),
                state.HasKnownAll || state.CaughtUp.Contains(Events.WatchedBucket.DeviceInfo),
            ];
            return new(FleetPhase.Recovering, 50 * known.Count(true) / known.Length, devices, unsettled, awaiting);
        }

        if (unsettled == 0)
        {
            return new(FleetPhase.Converged, 100, devices, 0, awaiting);
        }

        var part = (double)(devices - unsettled) / Math.Max(devices, 1);
        return state.HasRecovered
            ? new(FleetPhase.Converging, Math.Clamp((int)(100 * part), 0, 99), devices, unsettled, awaiting)
            : new(FleetPhase.Recovering, Math.Clamp(50 + (int)(50 * part), 50, 99), devices, unsettled, awaiting);
    }
}

/// <summary>Where an operator is.</summary>
public enum FleetPhase
{
    /// <summary>It began, or was blind, and has not yet seen all of what stands.</summary>
    Recovering,

    /// <summary>Something changed, and is being written.</summary>
    Converging,

    /// <summary>Every stored manifest is the one that is wanted; devices that are away take theirs when they are back, and those whose reports are awaited are given theirs after that.</summary>
    Converged,
}
