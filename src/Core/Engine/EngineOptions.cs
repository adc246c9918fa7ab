using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Retries;

namespace Harmony.Fleet.Core.Engine;

/// <summary>The engine's times and bounds.</summary>
public record EngineOptions
{
    /// <summary>How often changed counts are written to the Deployments' status.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often everything is verified again, whatever the watches say.</summary>
    public TimeSpan ResyncInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often the buckets' settings are verified: one that somebody deleted is made anew this soon. Jittered.</summary>
    public TimeSpan BucketInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a new connection is waited on for the watch of manifests to begin again: what was known before may be of another bucket, or of an older copy.</summary>
    public TimeSpan RewatchLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the store may be behind what a device was heard to say, where nothing else about it changed. Jittered.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often the bucket of scores is listed: what is missing there is put, and what nothing names is removed after a while. Jittered.</summary>
    public TimeSpan ScoreInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a score that nothing names is kept.</summary>
    public TimeSpan ScoreGrace { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How often the store is asked again whether what it lost was removed by intent: so soon a decision is carried out.</summary>
    public TimeSpan IntentInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How much seldomer for each deployment that is lost.</summary>
    public TimeSpan IntentSpacing { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How long after a Device is gone its keys are removed once more: what was on its way to them has come by then.</summary>
    public TimeSpan LateWrites { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>The most writes to the bus that are under way at once: the place of one is free only when a step has heard what became of it, and a server with nothing to do meanwhile is slow.</summary>
    public int BusWrites { get; init; } = 512;

    /// <summary>The most writes to the store that are under way at once.</summary>
    public int StoreWrites { get; init; } = 64;

    /// <summary>How often what one device says may be written to its resource: what comes meanwhile waits, and the newest of it is written.</summary>
    public TokenLimit WritesPerDevice { get; init; } = new(10, 1 / 6.0);

    /// <summary>The most objects that are looked at in one step: the rest waits for the next, so that no step takes long.</summary>
    public int MaxDecisions { get; init; } = 512;

    /// <summary>The most devices that are looked at in one step for Deployments that are new, or in a new version: one may be meant for a whole fleet.</summary>
    public int MaxVisits { get; init; } = 8192;

    /// <summary>The waits between tries.</summary>
    public BackOff BackOff { get; init; } = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30));

    /// <summary>When the removal of a deployment from devices is held.</summary>
    public RemovalOptions Removals { get; init; } = new();

    /// <summary>When a device counts as unreachable.</summary>
    public ReachabilityOptions Reachability { get; init; } = new();
}
