namespace Harmony.Fleet.Core.Engine;

/// <summary>How far the operator is on its way to a fleet in which every stored manifest is the one that is wanted.</summary>
/// <param name="Phase">Where it is.</param>
/// <param name="Percent">How much of that is done: 100 when all is, and at most 99 before.</param>
/// <param name="Devices">The devices that it knows.</param>
/// <param name="Unsettled">Those of them whose manifest is still to be written, or verified.</param>
public sealed record FleetProgress(FleetPhase Phase, int Percent, int Devices, int Unsettled)
{
    /// <summary>An operator that has just begun.</summary>
    public static FleetProgress None { get; } = new(FleetPhase.Recovering, 0, 0, 0);

    /// <summary>It in words: <c>recovering 63 %</c>, <c>converging 99 %</c>, <c>converged</c>.</summary>
    public override string ToString() => Phase switch
    {
        FleetPhase.Converged => "converged",
        FleetPhase.Converging => $"converging {Percent} %",
        _ => $"recovering {Percent} %",
    };

    internal static FleetProgress Of(FleetState state)
    {
        var (devices, unsettled) = (state.Devices.Count, state.Unsettled + state.Model.SpreadCount);
        if (!state.KnowsAll)
        {
            ReadOnlySpan<bool> known =
            [
                state.Term is not null, state.AreDeploymentsListed, state.AreDevicesListed, state.AreBucketsReady,
                state.CaughtUp.Contains(Events.WatchedBucket.DesiredState), state.CaughtUp.Contains(Events.WatchedBucket.DeviceState),
            ];
            return new(FleetPhase.Recovering, 50 * known.Count(true) / known.Length, devices, unsettled);
        }

        if (unsettled == 0)
        {
            return new(FleetPhase.Converged, 100, devices, 0);
        }

        var part = (double)(devices - unsettled) / Math.Max(devices, 1);
        return state.HasRecovered
            ? new(FleetPhase.Converging, Math.Clamp((int)(100 * part), 0, 99), devices, unsettled)
            : new(FleetPhase.Recovering, Math.Clamp(50 + (int)(50 * part), 50, 99), devices, unsettled);
    }
}

/// <summary>Where an operator is.</summary>
public enum FleetPhase
{
    /// <summary>It began, or was blind, and has not yet seen all of what stands.</summary>
    Recovering,

    /// <summary>Something changed, and is being written.</summary>
    Converging,

    /// <summary>Every stored manifest is the one that is wanted; devices that are away take theirs when they are back.</summary>
    Converged,
}
