namespace Harmony.Fleet.Tests.Simulation;

/// <summary>
/// Two operators, in some seeds, of which one leads by a lease, with what goes wrong there: the leader is killed, or stands still for shorter or longer than its lease, and clocks are
/// set. In the other seeds nobody else can lead while a leader lives, and its deadline is endless.
/// </summary>
internal sealed class LeaderPair
{
    private const int Tries = 400;
    private const double MostBridgedSeconds = 5;
    private readonly World world;
    private readonly OperatorProcess[] processes;
    private bool isOver;

    public LeaderPair(World world)
    {
        var lease = new SimulatedLease();
        (this.world, processes) = (world, [new(world, lease), new(world, lease)]);
    }

    private Schedule Schedule => world.Schedule;

    /// <summary>Whether it is so.</summary>
    public static bool IsIn(int seed) => seed % 20 is >= 10 and < 18;

    public void Begin()
    {
        processes[0].Start();
        Schedule.After(Schedule.Between(0, 10), processes[1].Start);
        Schedule.After(Schedule.Between(10, 60), SetClock);
    }

    /// <summary>The leader is killed.</summary>
    public void Kill() => world.Operator.Process!.Kill(Schedule.Between(0.1, 20));

    /// <summary>The leader stands still, and wakes; at times with another clock, as a virtual machine does.</summary>
    public void Pause() => Pause(Tries);

    /// <summary>All is well from now on.</summary>
    public void End()
    {
        isOver = true;
        foreach (var one in world.Operators)
        {
            one.Wake();
        }

        Array.ForEach(processes, process => process.Set(TimeSpan.Zero));
    }

    private void Pause(int tries)
    {
        var leader = world.Operator;
        if (isOver || !leader.IsAlive || leader.IsPaused)
        {
            return;
        }

        if (leader.OpenPuts == 0 && tries > 0)
        {
            Schedule.After(Schedule.Between(0.03, 0.1), () => Pause(tries - 1)); // The worst moment is waited for.
            return;
        }

        world.Trace.Say($"operator {leader.Term} stands still");
        leader.Pause();
        if (Schedule.Chance(0.3))
        {
            leader.Process!.Set(Error());
        }

        Schedule.After(Schedule.Between(1, 60), () =>
        {
            world.Trace.Say($"operator {leader.Term} wakes");
            leader.Wake();
        });
    }

    private void SetClock()
    {
        if (!isOver)
        {
            Schedule.Pick(processes).Set(Error());
            Schedule.After(Schedule.Between(20, 150), SetClock);
        }
    }

    private TimeSpan Error() => TimeSpan.FromSeconds(Schedule.Random.Next(4) switch
    {
        0 => 0,
        1 => Schedule.Between(-MostBridgedSeconds, MostBridgedSeconds),
        _ => Schedule.Between(-3600, 3600),
    });
}
