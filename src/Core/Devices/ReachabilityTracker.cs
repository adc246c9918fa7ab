using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Queues;

namespace Harmony.Fleet.Core.Devices;

/// <summary>
/// Which devices are reachable, from their signs of life. Turning reachable is told at once. Turning unreachable is told only
/// while the operator itself can hear: never for the time in which its link was down or it had just begun, and not while a large part of the
/// fleet falls silent together. A sign of life costs the same however many devices there are, and a look visits those whose last place in the order is due.
/// </summary>
public sealed class ReachabilityTracker
{
    /// <summary>Those that fall silent within it fall silent together.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMinutes(1);

    private readonly ReachabilityOptions options;
    private readonly IDeviceTable<DeviceLife> devices;

    /// <summary>The reachable ones, each once, by the sign of life that it had given when it was put there.</summary>
    private readonly PriorityQueue<DeviceLife, long> heard = new();

    /// <summary>Those of them that are silent for suspiciously long, by their last sign of life.</summary>
    private readonly PriorityQueue<DeviceLife, long> silent = new();

    private readonly Queue<long> turned = new();
    private DateTimeOffset? hearsSince;
    private int silentCount;
    private int count;

    /// <summary>A tracker that knows no device.</summary>
    /// <param name="options">When a device counts as unreachable.</param>
    public ReachabilityTracker(ReachabilityOptions options)
        : this(options, new DeviceTable<DeviceLife>(id => new DeviceLife(id)))
    {
    }

    internal ReachabilityTracker(ReachabilityOptions options, IDeviceTable<DeviceLife> devices) => (this.options, this.devices) = (options, devices);

    /// <summary>Whether transitions are held back because many devices fell silent together.</summary>
    public bool IsHolding { get; private set; }

    /// <summary>Whether the operator hears: only then does silence say anything.</summary>
    public bool Hears => hearsSince is not null;

    /// <summary>How many devices the last look visited.</summary>
    public int Visited { get; private set; }

    // Those that fell silent together have last been heard up to one interval apart: when the first one reaches the limit,
    // all of them have been silent for at least (Missed - 1) intervals. Half an interval less allows for jitter.
    private TimeSpan Suspicious => options.Interval * (options.Missed - 1.5);

    /// <summary>The operator hears from now on: silence counts from here. Nothing changes where it heard before.</summary>
    public void Hear(DateTimeOffset now) => hearsSince ??= now;

    /// <summary>The operator does not hear: silence says nothing.</summary>
    public void GoDeaf() => hearsSince = null;

    /// <summary>The operator stood still: what was said meanwhile still waits to be heard, and silence counts from here.</summary>
    public void Wake(DateTimeOffset now) => hearsSince = hearsSince is null ? null : now;

    /// <summary>A device is known, with what was last told of it; nothing changes for one that was seen already, or found to be silent.</summary>
    public void Know(DeviceId device, bool isReachable, DateTimeOffset now)
    {
        var life = devices.Make(device);
        if (life.Life == LifeState.Unknown)
        {
            count++;
            (life.Life, life.HeardAt) = (LifeState.NeverSeen, now.UtcTicks);
        }

        if (isReachable && life.Life == LifeState.NeverSeen)
        {
            // Another operator may have heard it since it was first read: silence counts from here.
            life.HeardAt = now.UtcTicks;
            Enqueue(life);
        }
    }

    /// <summary>A device is gone.</summary>
    public void Forget(DeviceId device)
    {
        if (Find(device) is { } life)
        {
            count--;
            silentCount -= life.Life == LifeState.Silent ? 1 : 0;
            life.Life = LifeState.Unknown;
        }
    }

    /// <summary>Whether a device is reachable; false for an unknown one.</summary>
    public bool IsReachable(DeviceId device) => Find(device) is { Life: LifeState.Heard or LifeState.Silent };

    /// <summary>Whether a device counts as reachable although it is silent, transitions being held.</summary>
    public bool IsHeld(DeviceId device) => IsHolding && Find(device) is { Life: LifeState.Silent };

    /// <summary>A sign of life, given at <paramref name="at"/> by the operator's clock.</summary>
    /// <returns>Whether the device turned reachable.</returns>
    public bool Saw(DeviceId device, DateTimeOffset at)
    {
        if (Find(device) is not { } life)
        {
            return false;
        }

        var (before, isLater) = (life.Life, at.UtcTicks > life.HeardAt);
        life.HeardAt = isLater ? at.UtcTicks : life.HeardAt;
        var turns = before is LifeState.Unreachable or LifeState.NeverSeen;
        if (turns || (before == LifeState.Silent && isLater))
        {
            silentCount -= before == LifeState.Silent ? 1 : 0;
            Enqueue(life);
        }

        return turns;
    }

    /// <summary>Looks for devices that have been silent for too long.</summary>
    public ImmutableArray<ReachabilityChange> Tick(DateTimeOffset now)
    {
        Visited = 0;
        if (hearsSince is not { } since)
        {
            return [];
        }

        Suspect(now);
        while (turned.TryPeek(out var at) && at < (now - Together).UtcTicks)
        {
            turned.Dequeue();
        }

        silent.TrimEmpty();
        var together = turned.Count + (now - since > Suspicious ? silentCount : 0);
        IsHolding = together >= options.HeldCount && together > count * options.HeldFraction;
        var limit = IsHolding ? options.HeldLimit : options.Limit;
        return now - since > limit ? Turn(now, limit) : [];
    }

    /// <summary>Puts those that have said nothing since they were put in the order among the silent ones.</summary>
    private void Suspect(DateTimeOffset now)
    {
        var edge = (now - Suspicious).UtcTicks;
        while (heard.TryPeek(out var life, out var place) && place < edge)
        {
            heard.Dequeue();
            Visited++;
            if (life.Life != LifeState.Heard || life.Place != place)
            {
                continue; // It is gone, or has another place.
            }

            if (life.HeardAt >= edge)
            {
                Enqueue(life);
            }
            else
            {
                (life.Life, life.Place) = (LifeState.Silent, life.HeardAt);
                silentCount++;
                silent.Enqueue(life, life.HeardAt);
            }
        }
    }

    private ImmutableArray<ReachabilityChange> Turn(DateTimeOffset now, TimeSpan limit)
    {
        var changes = ImmutableArray.CreateBuilder<ReachabilityChange>();
        while (silent.TryPeek(out var life, out var place) && place < (now - limit).UtcTicks)
        {
            silent.Dequeue();
            Visited++;
            if (life.Life != LifeState.Silent || life.Place != place)
            {
                continue;
            }

            life.Life = LifeState.Unreachable;
            silentCount--;
            changes.Add(new(life.Id, IsReachable: false));
            if (!IsHolding)
            {
                turned.Enqueue(now.UtcTicks); // What is told although it was held is no reason to hold more.
            }
        }

        return changes.ToImmutable();
    }

    private DeviceLife? Find(DeviceId device) => devices.Find(device) is { Life: not LifeState.Unknown } life ? life : null;

    private void Enqueue(DeviceLife life)
    {
        (life.Life, life.Place) = (LifeState.Heard, life.HeardAt);
        heard.Enqueue(life, life.HeardAt);
    }
}

/// <summary>When a device counts as unreachable.</summary>
public sealed record ReachabilityOptions
{
    /// <summary>How often a device sends a heartbeat.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many heartbeats in a row may be missed before it is unreachable.</summary>
    public int Missed { get; init; } = 3;

    /// <summary>A larger part of the fleet that falls silent within a minute is held back: it is more likely that the operator does not hear.</summary>
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
