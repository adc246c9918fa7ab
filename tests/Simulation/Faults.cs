using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>What goes wrong, at random, until it is over.</summary>
internal sealed class Faults(World world)
{
    private const int SupersedeTries = 400;

    private readonly Dictionary<string, (bool Exists, ulong Last, Stored[] Keys)> older = [];
    private readonly Dictionary<(string Bucket, DeviceId Device), List<(byte[] Bytes, string Kind)>> said = [];
    private bool isOver;

    public bool IsStoreAway { get; private set; }

    /// <summary>The devices that are gone, and of which something came late.</summary>
    public HashSet<DeviceId> MayRemain { get; } = [];

    /// <summary>The devices of which something old was put again: whoever removes their Device by force lets that count, until they say anew who they are.</summary>
    public HashSet<DeviceId> Replayed { get; } = [];

    /// <summary>When the bucket of manifests was last put back to what it was before.</summary>
    public DateTimeOffset Rewound { get; private set; }

    private Schedule Schedule => world.Schedule;

    /// <summary>Whether something that is on its way is lost.</summary>
    public bool IsLost() => !isOver && Schedule.Chance(0.04);

    /// <summary>Whether what is lost on its way to the server comes later.</summary>
    public bool IsLate() => Schedule.Chance(0.5);

    public void Begin() => Schedule.After(Schedule.Between(5, 40), Act);

    /// <summary>All is well from now on, but for what is late.</summary>
    public void End()
    {
        (isOver, IsStoreAway) = (true, false);
        world.Trace.Say($"the faults stop");
        if (world.Leaders is not null)
        {
            world.Leaders.End();
        }
        else if (world.Operators.Exists(one => one.IsPaused) || !world.Operator.IsAlive)
        {
            Replace();
        }

        Serve(isUp: true);
        foreach (var agent in world.Agents)
        {
            agent.Start();
            agent.Link.Turn(isUp: agent.IsRunning);
            agent.ClockError = TimeSpan.Zero;
        }

        world.Operator.Link.Turn(isUp: true);
    }

    private void Act()
    {
        if (isOver)
        {
            return;
        }

        Choose(Schedule.Random.Next(14));
        Schedule.After(Schedule.Between(2, 35), Act);
    }

    private void Choose(int fault)
    {
        switch (fault)
        {
            case 0 or 1 when world.Leaders is not null:
                world.Leaders.Kill();
                break;
            case 2 when world.Leaders is not null:
                world.Leaders.Pause();
                break;
            case 0 or 1:
                world.Operator.Kill();
                Later(0.1, 20, Replace);
                break;
            case 2:
                Supersede(SupersedeTries);
                break;
            case 3:
                world.Trace.Say($"the operator's link is lost");
                Flap(world.Operator.Link, 150);
                break;
            case 4 or 5:
                Flap(Schedule.Pick(world.Agents).Link, 200);
                break;
            case 6:
                Restart(Schedule.Pick(world.Agents), loseDisk: false);
                break;
            case 7:
                Restart(Schedule.Pick(world.Agents), loseDisk: true);
                break;
            case 8:
                StoreAway();
                break;
            case 9:
                Lose(Schedule.Pick(SimulatedBus.Names));
                break;
            case 10:
                Rewind();
                break;
            case 11 or 12:
                PutAgain(Schedule.Pick(world.Agents), Schedule.Chance(0.5) ? BucketNames.DeviceInfo : BucketNames.DeviceState);
                break;
            default:
                Schedule.Pick(world.Agents).ClockError = TimeSpan.FromDays(Schedule.Between(-4000, 10));
                break;
        }
    }

    private void Replace()
    {
        foreach (var one in world.Operators)
        {
            one.Kill();
        }

        world.BeginOperator();
    }

    // A leader stands still; another one begins; the old one wakes, finds its time over, and goes. What it had sent may come late.
    private void Supersede(int tries)
    {
        var old = world.Operator;
        if (old.OpenPuts == 0 && tries > 0)
        {
            Later(0.03, 0.1, () => Supersede(tries - 1)); // The worst moment is waited for.
            return;
        }

        world.Trace.Say($"operator {old.Term} stands still");
        old.Pause();
        Later(1, 30, () =>
        {
            if (world.Operator == old && old.IsAlive)
            {
                world.BeginOperator();
                Later(1, 40, world.Planted == PlantedBug.StaleLeaderAccepted ? old.Wake : old.Kill);
            }
        });
    }

    private void Flap(Link link, double most)
    {
        link.Turn(isUp: false);
        Later(1, most, () => link.Turn(isUp: world.Bus.IsUp && IsUsed(link)));
    }

    // An agent that has stopped meanwhile does not connect.
    private bool IsUsed(Link link) => Watching.Any(one => one.Link == link) || world.Agents.Any(agent => agent.Link == link && agent.IsRunning);

    private void Restart(SimulatedAgent agent, bool loseDisk)
    {
        agent.Stop();
        if (loseDisk && agent.CanLoseDisk)
        {
            agent.LoseDisk();
        }

        Later(0.5, 200, agent.Start);
    }

    /// <summary>What is to be stored for a device comes late. The operator that saw its Device go removes that, and the one after it does not know of it.</summary>
    public void ComeLate(DeviceId device)
    {
        if (!world.Devices.Items.ContainsKey(device.Value))
        {
            MayRemain.Add(device);
        }
    }

    /// <summary>A hostile broker keeps what a device says.</summary>
    public void Keep(string bucket, DeviceId device, byte[] bytes, string kind)
    {
        var all = said.TryGetValue((bucket, device), out var known) ? known : said[(bucket, device)] = [];
        all.Add((bytes, kind));
    }

    // It puts again what a device said before. Of one of which nothing is known yet it would be news.
    private void PutAgain(SimulatedAgent agent, string bucket)
    {
        if (agent.IsRetired || !world.Devices.Items.TryGetValue(agent.Id.Value, out var device)
            || device is not { Metadata.DeletionTimestamp: null, Status.ReportedLabels.IsEmpty: false } || !world.Bus[bucket].Exists)
        {
            return;
        }

        var all = said[(bucket, agent.Id)];
        var (bytes, kind) = all[Schedule.Chance(0.5) ? 0 : Schedule.Random.Next(all.Count)];
        world.Trace.Say($"an old {kind} of {agent.Id} is put again");
        Replayed.Add(agent.Id);
        var present = world.Bus[bucket].Keys.GetValueOrDefault(agent.Id.Value)?.Revision ?? 0;
        world.Bus[bucket].Update(agent.Id.Value, bytes, MessageMac.Sign(world.Reader.KeysOf(agent.Id).Up, 1, kind, agent.Id, bytes), present);
    }

    private void StoreAway()
    {
        world.Trace.Say($"the store is away");
        IsStoreAway = true;
        Later(1, 30, () => IsStoreAway = false);
    }

    private void Lose(string bucket)
    {
        world.Trace.Say($"the bucket {bucket} is lost");
        Doubt(bucket == BucketNames.DesiredState);
        world.Bus[bucket].Lose();
    }

    // The server goes down, and comes back with what it had a while ago: a power cut after writes that were acknowledged, or an older copy.
    private void Rewind()
    {
        var names = Schedule.Chance(0.5) ? SimulatedBus.Names : [Schedule.Pick(SimulatedBus.Names)];
        foreach (var name in names)
        {
            older[name] = world.Bus[name].Copy();
        }

        Later(Schedule.Chance(0.5) ? 0.5 : 30, Schedule.Chance(0.5) ? 3 : 120, () =>
        {
            world.Trace.Say($"the server is down, and has an older copy of {string.Join(", ", older.Keys)}");
            Serve(isUp: false);
            foreach (var (name, copy) in older)
            {
                world.Bus[name].Restore(copy);
            }

            Doubt(isRewound: true);
            older.Clear();
            Later(0.5, 30, () => Serve(isUp: true));
        });
    }

    private void Doubt(bool isRewound)
    {
        if (isRewound)
        {
            Rewound = Schedule.Now;
            world.Invariants.Rewound();
        }
    }

    private void Serve(bool isUp)
    {
        world.Bus.IsUp = isUp;
        IEnumerable<Link> links = [.. Watching.Select(one => one.Link), .. world.Agents.Where(agent => agent.IsRunning || !isUp).Select(agent => agent.Link)];
        foreach (var link in links.ToArray())
        {
            Schedule.After(isUp ? Schedule.Between(0, 3) : 0, () => link.Turn(isUp: isUp && world.Bus.IsUp && IsUsed(link)));
        }
    }

    // One that stands still without a lease is not heard of again.
    private IEnumerable<SimulatedOperator> Watching => world.Leaders is null ? [world.Operator] : world.Operators;

    private void Later(double from, double to, Action action) => Schedule.After(Schedule.Between(from, to), () =>
    {
        if (!isOver)
        {
            action();
        }
    });
}
