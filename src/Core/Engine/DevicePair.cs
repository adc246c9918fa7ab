using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Aggregation;

namespace Harmony.Fleet.Core.Engine;

/// <summary>What the engine knows of one deployment that matches a device. A gate of a rollout may count on what is <see cref="Knowledge.Live"/> alone.</summary>
/// <param name="Deployment">Which.</param>
/// <param name="Given">The version that the device's manifest is to name, where the deployment has a place on it: it may be another one on each device.</param>
/// <param name="Said">The version of which the device spoke last; null for none that is known.</param>
/// <param name="State">How it was counted.</param>
/// <param name="Knowledge">How far that can be relied upon.</param>
public sealed record DevicePair(DeploymentKey Deployment, ScoreIdentity Given, ScoreIdentity? Said, PairState State, Knowledge Knowledge)
{
    internal static ImmutableArray<DevicePair> Of(FleetState state, DeviceId id)
    {
        if (!state.Devices.TryGetValue(id, out var entry))
        {
            return [];
        }

        var isLive = entry.HeardBy == state.ReportWatch && state.CaughtUp.Contains(Events.WatchedBucket.DeviceState);
        var knowledge = state.Reachability.IsHeld(id) ? Knowledge.Held : isLive ? Knowledge.Live : Knowledge.Read;
        return [.. state.Model.PairsOf(id).Select(pair => new DevicePair(pair.Key, pair.Given, pair.Said, pair.State, knowledge))];
    }
}

/// <summary>How far what is known of a device can be relied upon.</summary>
public enum Knowledge
{
    /// <summary>It was read when the operator caught up, or comes from before it was last blind: the device has not said since what stands on it, nor that it is as it was (each does so every twelve minutes).</summary>
    Read,

    /// <summary>It is younger than the last catch-up: the device said it to this operator.</summary>
    Live,

    /// <summary>The device is silent, and counts as reachable only because transitions are held.</summary>
    Held,
}
