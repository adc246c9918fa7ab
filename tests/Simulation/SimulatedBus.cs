using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Events;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>A value, or a delete marker.</summary>
internal sealed record Stored(string Key, byte[] Value, string? Mac, ulong Revision, DateTimeOffset At, bool IsDeleted)
{
    /// <summary>What it says to who verifies and parses it: the same to each that reads it.</summary>
    public (bool IsRead, FleetEvent? Said) Reading { get; set; }
}

/// <summary>A bucket: revisions are the stream's, so that they go back with it.</summary>
internal sealed class SimulatedBucket(Schedule schedule)
{
    private ulong last;

    public bool Exists { get; private set; }

    public SortedDictionary<string, Stored> Keys { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>Another number when it is lost or made, and when the server goes: what was under way then never comes.</summary>
    public int Life { get; private set; }

    /// <summary>Called at once with each change.</summary>
    public Action<Stored> Changed { get; set; } = _ => { };

    /// <summary>Called when watches find nothing of what they watched: the bucket was lost, or is another one.</summary>
    public Action Broken { get; set; } = () => { };

    public bool Create()
    {
        if (Exists)
        {
            return false;
        }

        Drop();
        (Exists, last, Keys) = (true, 0, new(StringComparer.Ordinal));
        return true;
    }

    /// <summary>The server goes down, with all that was under way.</summary>
    public void Drop() => Life++;

    public void Lose()
    {
        Drop();
        Exists = false;
        Keys = new(StringComparer.Ordinal);
        Broken();
    }

    /// <summary>Stores where the key's last revision is the given one; 0: none at all.</summary>
    /// <returns>Whether it is stored, and the key's revision now.</returns>
    public (bool IsStored, ulong Revision) Update(string key, byte[] value, string? mac, ulong revision, bool isDeleted = false)
    {
        var present = Keys.GetValueOrDefault(key)?.Revision ?? 0;
        if (present != revision)
        {
            return (false, present);
        }

        var stored = new Stored(key, value, mac, ++last, schedule.Now, isDeleted);
        Keys[key] = stored;
        Changed(stored);
        return (true, stored.Revision);
    }

    public Stored? Get(string key) => Exists && Keys.GetValueOrDefault(key) is { IsDeleted: false } found ? found : null;

    /// <summary>Removes a delete marker, where that very one is there; no watch is told.</summary>
    public void Purge(Stored marker)
    {
        if (ReferenceEquals(Keys.GetValueOrDefault(marker.Key), marker))
        {
            Keys.Remove(marker.Key);
        }
    }

    public (bool Exists, ulong Last, Stored[] Keys) Copy() => (Exists, last, [.. Keys.Values]);

    public void Restore((bool Exists, ulong Last, Stored[] Keys) copy)
    {
        Drop();
        (Exists, last, Keys) = (copy.Exists, copy.Last, new(StringComparer.Ordinal));
        foreach (var stored in copy.Keys)
        {
            Keys[stored.Key] = stored;
        }
    }
}

/// <summary>One side's connection to the server.</summary>
internal sealed class Link
{
    public bool IsUp { get; private set; }

    public long Connects { get; private set; }

    /// <summary>Called at once.</summary>
    public Action Turned { get; set; } = () => { };

    public void Turn(bool isUp)
    {
        if (isUp != IsUp)
        {
            IsUp = isUp;
            Connects += isUp ? 1 : 0;
            Turned();
        }
    }
}

/// <summary>The server: five buckets, and what is published again.</summary>
internal sealed class SimulatedBus(Schedule schedule)
{
    public static readonly string[] Names = [BucketNames.DeviceInfo, BucketNames.DeviceState, BucketNames.DeviceHeartbeat, BucketNames.DesiredState, BucketNames.Scores];

    public Dictionary<string, SimulatedBucket> Buckets { get; } = Names.ToDictionary(name => name, _ => new SimulatedBucket(schedule));

    public bool IsUp
    {
        get;
        set
        {
            field = value;
            if (!value)
            {
                Array.ForEach(Names, name => Buckets[name].Drop());
            }
        }
    } = true;

    public SimulatedBucket this[string name] => Buckets[name];
}
