using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Events;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>
/// An operator's watch of a bucket, with what the real one promises: all keys, then that it caught up, then changes in their order; and after anything that
/// could have made it miss one, at once that it was lost, however long it takes until it begins again.
/// </summary>
internal sealed class BucketFeed(World world, SimulatedOperator owner, WatchedBucket bucket, SimulatedBucket source)
{
    private Schedule Schedule => world.Schedule;

    // What was told of each key last: all of it is forgotten when the watch begins again.
    private readonly Dictionary<string, Stored> told = new(StringComparer.Ordinal);
    private int run;
    private bool isLive;
    private bool isCaughtUp;
    private DateTimeOffset last;

    public void Begin()
    {
        source.Changed += Pass;
        source.Broken += () => Break(Schedule.Between(0, 5));
        owner.Link.Turned += () => Break(Schedule.Delay());
        Open();
        Schedule.After(Schedule.Between(300, 600), Resync);
    }

    /// <summary>What the bucket holds for a device is told again when all is read the next time.</summary>
    public void ReadAgain(DeviceId device) => told.Remove(device.Value);

    /// <summary>The watch is lost, and found to be so after a while: until then nothing comes.</summary>
    public void Break(double seconds)
    {
        (isLive, isCaughtUp) = (false, false);
        var mine = ++run;
        Schedule.After(seconds, () => Lose(mine));
    }

    private void Lose(int mine)
    {
        if (owner.IsAlive && mine == run)
        {
            told.Clear();
            last = Schedule.Now;
            Later(() => owner.Hear(new FleetEvent.WatchRestarted(bucket, "the watch was lost")));
            Again(mine);
        }
    }

    private void Again(int mine)
    {
        if (!owner.IsAlive || mine != run)
        {
            return;
        }

        if (!owner.Link.IsUp || !source.Exists)
        {
            Schedule.After(Schedule.Between(0.2, 2), () => Again(mine));
            return;
        }

        All();
    }

    private void Open()
    {
        if (!owner.Link.IsUp || !source.Exists)
        {
            Break(0);
            return;
        }

        last = Schedule.Now;
        All();
    }

    private void All()
    {
        isLive = true;
        var keys = source.Keys.Values.ToArray();
        Schedule.Random.Shuffle(keys);
        foreach (var stored in keys)
        {
            Later(() => Read(stored));
        }

        Later(() =>
        {
            isCaughtUp = true;
            owner.Hear(new FleetEvent.WatchCaughtUp(bucket));
        });
    }

    private void Resync()
    {
        if (!owner.IsAlive)
        {
            return;
        }

        if (isCaughtUp)
        {
            run++;
            (last, isCaughtUp) = (Schedule.Now, false);
            owner.Hear(new FleetEvent.ResyncBegan(bucket));
            All();
        }

        Schedule.After(Schedule.Between(300, 600), Resync);
    }

    private void Pass(Stored stored)
    {
        if (isLive && owner.IsAlive)
        {
            Later(() => Read(stored));
        }
    }

    private void Read(Stored stored)
    {
        if (bucket != WatchedBucket.DeviceHeartbeat && ReferenceEquals(told.GetValueOrDefault(stored.Key), stored))
        {
            if (bucket == WatchedBucket.DesiredState)
            {
                owner.Hear(new FleetEvent.ManifestUnchanged(DeviceId.Parse(stored.Key)));
            }

            return;
        }

        told[stored.Key] = stored;
        if (world.Reader.Read(bucket, stored) is { } said)
        {
            owner.Hear(said);
        }
    }

    private void Later(Action tell)
    {
        var (mine, at) = (run, Schedule.Now.AddSeconds(Schedule.Delay()));
        last = at > last ? at : last;
        Schedule.At(last, () =>
        {
            if (mine == run && owner.IsAlive)
            {
                tell();
            }
        });
    }
}
