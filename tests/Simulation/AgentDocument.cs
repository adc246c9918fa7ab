using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>One document of a device, kept current on the bus: put over the revision that is known, until it is stored.</summary>
internal sealed class AgentDocument(World world, SimulatedAgent agent, string bucket, string kind, Func<byte[]> write)
{
    private ulong revision;
    private bool isChanged;
    private bool isPutting;
    private byte[]? last;

    private Schedule Schedule => world.Schedule;

    /// <summary>Called when it is stored, with whether another one was there than was last stored.</summary>
    public Action<bool> Stored { get; init; } = _ => { };

    /// <summary>The agent starts anew: it knows of no revision.</summary>
    public void Forget() => (revision, isChanged, isPutting, last) = (0, false, false, null);

    public void Change()
    {
        isChanged = true;
        if (!isPutting)
        {
            Plan(0.2);
        }
    }

    /// <summary>Puts it again as it is.</summary>
    public void Restate()
    {
        if (last is { } bytes && !isPutting && !isChanged && agent.Link.IsUp)
        {
            isPutting = true;
            Try(bytes, MacOf(bytes), 3, isAnothers: false);
        }
    }

    private string MacOf(byte[] bytes) => MessageMac.Sign(world.Reader.KeysOf(agent.Id).Up, 1, kind, agent.Id, bytes);

    private void Plan(double seconds)
    {
        isPutting = true;
        Later(seconds, Put);
    }

    private void Put()
    {
        (isPutting, var isUp) = (false, agent.Link.IsUp);
        if (!isChanged || !isUp)
        {
            return; // The next connect is a signal.
        }

        (isChanged, isPutting) = (false, true);
        var bytes = write();
        Try(bytes, MacOf(bytes), 3, isAnothers: false);
    }

    private void Try(byte[] bytes, string mac, int tries, bool isAnothers)
    {
        var expected = revision;
        var isLost = world.Faults.IsLost();
        if (world.Faults.IsLost())
        {
            // It comes late, after it was told not to have arrived.
            Schedule.After(Schedule.Between(1, 20), () =>
            {
                world.Faults.ComeLate(agent.Id);
                Store(bytes, mac, expected);
            });
        }

        Later(Schedule.Delay(), () =>
        {
            var (isStored, current) = !isLost && agent.Link.IsUp ? Store(bytes, mac, expected) : (false, expected);
            var isAnswered = !isLost && agent.Link.IsUp && !world.Faults.IsLost();
            Later(Schedule.Delay(), () =>
            {
                revision = isAnswered ? current : revision;
                if (isAnswered && !isStored && current != expected && tries > 1)
                {
                    Try(bytes, mac, tries - 1, isAnothers || expected > 0);
                    return;
                }

                isPutting = false;
                if (isAnswered && isStored)
                {
                    last = bytes;
                    world.Faults.Keep(bucket, agent.Id, bytes, kind);
                    Stored(isAnothers);
                }

                if (!isAnswered || !isStored)
                {
                    isChanged = true;
                    Plan(Schedule.Between(0.5, 5));
                }
                else if (isChanged)
                {
                    Plan(0.2);
                }
            });
        });
    }

    private (bool IsStored, ulong Revision) Store(byte[] bytes, string mac, ulong expected)
    {
        var target = world.Bus[bucket];
        if (kind != MessageKinds.Heartbeat)
        {
            world.Trace.Say($"{agent.Id} puts its {kind} over {expected}; there is {target.Keys.GetValueOrDefault(agent.Id.Value)?.Revision ?? 0}");
        }

        return target.Exists && world.Bus.IsUp ? target.Update(agent.Id.Value, bytes, mac, expected) : (false, expected);
    }

    private void Later(double seconds, Action action)
    {
        var mine = agent.Life;
        Schedule.After(seconds, () =>
        {
            if (mine == agent.Life)
            {
                action();
            }
        });
    }
}
