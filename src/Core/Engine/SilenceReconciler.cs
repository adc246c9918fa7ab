using Harmony.Fleet.Core.Events;

namespace Harmony.Fleet.Core.Engine;

/// <summary>Which devices have fallen silent.</summary>
internal sealed class SilenceReconciler(FleetState state)
{
    /// <summary>So often in one interval of heartbeats devices are looked at for those that have fallen silent.</summary>
    private const int LooksAnInterval = 30;

    private DateTimeOffset lastTurn;
    private DateTimeOffset nextLook;
    private bool wasHolding;

    /// <summary>The operator hears: silence counts from now on.</summary>
    public void HearAll()
    {
        state.Reachability.Hear(state.Now);
        foreach (var device in state.SilentUntold)
        {
            state.DeviceWrites.Add(device);
        }

        state.SilentUntold.Clear();
    }

    /// <summary>The operator does not hear: silence says nothing.</summary>
    public void GoDeaf() => state.Reachability.GoDeaf();

    /// <summary>Looks for devices that have fallen silent. What waits to be heard is heard first, and after a pause of this process that may be all.</summary>
    /// <param name="isMoreWaiting">Whether something does. It cannot hold this up for longer than an interval.</param>
    public void Tick(bool isMoreWaiting)
    {
        var (interval, pause) = (state.Options.Reachability.Interval, state.Now - lastTurn);
        if (lastTurn != default && pause > interval)
        {
            state.Reachability.Wake(state.Now);
            state.Tell(new FleetNotice.Woke(pause));
        }

        lastTurn = state.Now;
        if (state.Now < nextLook || (isMoreWaiting && state.Now < nextLook + interval))
        {
            return;
        }

        nextLook = state.Now + (state.Options.Reachability.Interval / LooksAnInterval);
        foreach (var change in state.Reachability.Tick(state.Now))
        {
            state.Tell(new FleetNotice.DeviceTurned(change.Device, IsReachable: false));
            state.Model.SetReachable(change.Device, isReachable: false);
            state.DeviceWrites.Add(change.Device);
        }

        if (wasHolding != state.Reachability.IsHolding)
        {
            wasHolding = state.Reachability.IsHolding;
            state.Tell(new FleetNotice.SilenceHeld(wasHolding));
        }
    }
}
