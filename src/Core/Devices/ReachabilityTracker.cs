using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Devices;

/// <summary>
/// Which devices are reachable, from their signs of life. Turning reachable is told at once. Turning unreachable is told only
/// while the operator itself can hear: never for the time in which its link was down or it had just begun, and not while a large part of the
/// fleet falls silent together.
/// </summary>
public sealed class ReachabilityTracker(ReachabilityOptions options)
{
    private readonly Dictionary<DeviceId, Life> lives = [];
    private DateTimeOffset? hearsSince;

    /// <summary>Whether transitions are held back because many devices fell silent together.</summary>
    public bool IsHolding { get; private set; }

    /// <summary>The operator hears from now on: silence counts from here. Nothing changes where it heard before.</summary>
    public void Hear(DateTimeOffset now) => hearsSince ??= now;

    /// <summary>The operator does not hear: silence says nothing.</summary>
    public void GoDeaf() => hearsSince = null;

    /// <summary>A device is known, with what was last told of it; nothing changes for one that is known already.</summary>
    public void Know(DeviceId device, bool isReachable, DateTimeOffset now) => lives.TryAdd(device, new Life(now, isReachable));

    /// <summary>A device is gone.</summary>
    public void Forget(DeviceId device) => lives.Remove(device);

    /// <summary>Whether a device is reachable; false for an unknown one.</summary>
    public bool IsReachable(DeviceId device) => lives.TryGetValue(device, out var life) && life.IsReachable;

    /// <summary>A sign of life, given at <paramref name="at"/> by the operator's clock.</summary>
    /// <returns>Whether the device turned reachable.</returns>
    public bool Saw(DeviceId device, DateTimeOffset at)
    {
        if (!lives.TryGetValue(device, out var life))
        {
            return false;
        }

        life.LastSeen = at > life.LastSeen ? at : life.LastSeen;
        var turned = !life.IsReachable;
        life.IsReachable = true;
        return turned;
    }

    /// <summary>Looks for devices that have been silent for too long.</summary>
    public ImmutableArray<ReachabilityChange> Tick(DateTimeOffset now)
    {
        if (hearsSince is not { } since)
        {
            return [];
        }

        IsHolding = IsMassSilence(now, since);
        var limit = IsHolding ? options.HeldLimit : options.Limit;
        var changes = ImmutableArray.CreateBuilder<ReachabilityChange>();
        foreach (var (device, life) in lives)
        {
            if (life.IsReachable && Silence(life, now, since) > limit)
            {
                life.IsReachable = false;
                changes.Add(new(device, IsReachable: false));
            }
        }

        return changes.ToImmutable();
    }

    private static TimeSpan Silence(Life life, DateTimeOffset now, DateTimeOffset since) =>
        now - (life.LastSeen > since ? life.LastSeen : since);

    // Those that fell silent together have last been heard up to one interval apart: when the first one reaches the limit,
    // all of them have been silent for at least (Missed - 1) intervals. Half an interval less allows for jitter.
    private bool IsMassSilence(DateTimeOffset now, DateTimeOffset since)
    {
        var suspicious = options.Interval * (options.Missed - 1.5);
        var silent = lives.Values.Count(life => life.IsReachable && Silence(life, now, since) > suspicious);
        return silent >= options.HeldCount && silent > lives.Count * options.HeldFraction;
    }

    private sealed class Life(DateTimeOffset lastSeen, bool isReachable)
    {
        public DateTimeOffset LastSeen { get; set; } = lastSeen;

        public bool IsReachable { get; set; } = isReachable;
    }
}

/// <summary>When a device counts as unreachable.</summary>
public sealed record ReachabilityOptions
{
    /// <summary>How often a device sends a heartbeat.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many heartbeats in a row may be missed before it is unreachable.</summary>
    public int Missed { get; init; } = 3;

    /// <summary>A larger part of the fleet that falls silent together is held back: it is more likely that the operator does not hear.</summary>
    public double HeldFraction { get; init; } = 0.2;

    /// <summary>Fewer devices than this are never held back.</summary>
    public int HeldCount { get; init; } = 10;

    /// <summary>The longest silence that is held back: then it is told, however many they are.</summary>
    public TimeSpan HeldLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The silence after which a device is unreachable.</summary>
    public TimeSpan Limit => Interval * Missed;
}

/// <summary>A device that turned.</summary>
/// <param name="Device">Which.</param>
/// <param name="IsReachable">What it is now.</param>
public readonly record struct ReachabilityChange(DeviceId Device, bool IsReachable);
