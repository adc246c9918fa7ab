namespace Harmony.Fleet.Tests.Simulation;

/// <summary>A process that leads while it holds the lease, with one engine after the other, and is started again when it has ended.</summary>
internal sealed class OperatorProcess
{
    private readonly World world;
    private readonly SimulatedLease lease;
    private SimulatedLeadership leadership;
    private SimulatedOperator? leads;
    private int start;
    private TimeSpan clockError;

    public OperatorProcess(World world, SimulatedLease lease)
    {
        (this.world, this.lease) = (world, lease);
        leadership = new SimulatedLeadership(world, lease, () => Clock);
    }

    /// <summary>Its wall clock.</summary>
    public DateTimeOffset Clock => Schedule.Now + clockError;

    /// <summary>Whether another one leads now.</summary>
    public bool IsSuperseded => lease.Holder != leadership;

    public bool IsLeadershipOver => leadership.Remaining <= TimeSpan.Zero;

    private Schedule Schedule => world.Schedule;

    /// <summary>It starts, and knows nothing of who leads.</summary>
    public void Start()
    {
        leadership = new SimulatedLeadership(world, lease, () => Clock);
        Contend(++start);
    }

    /// <summary>It ends, and is started again after a while.</summary>
    public void Kill(double seconds)
    {
        leads?.Kill();
        leads = null;
        var mine = ++start;
        Schedule.After(seconds, () =>
        {
            if (mine == start)
            {
                Start();
            }
        });
    }

    /// <summary>It begins a new term, as soon as it can: its clock was put back.</summary>
    public void BeginAnew()
    {
        leads?.Kill();
        leads = null;
        Contend(++start);
    }

    /// <summary>Its wall clock is set.</summary>
    public void Set(TimeSpan error)
    {
        if (error != clockError)
        {
            world.Trace.Say($"the clock of operator {leads?.Term ?? 0} goes from {clockError} to {error}");
            clockError = error;
            leads?.ClockSet();
        }
    }

    private void Contend(int mine)
    {
        if (mine != start)
        {
            return;
        }

        if (leads is null)
        {
            Lead();
        }
        else if (!leads.IsPaused)
        {
            leadership.Renew();
        }

        Schedule.After(Schedule.Between(1.5, 2.5), () => Contend(mine));
    }

    private void Lead()
    {
        try
        {
            leads = world.BeginOperator(leadership.BeginTermAsync(CancellationToken.None).GetAwaiter().GetResult(), this);
        }
        catch (IOException)
        {
            leads = null; // It asks again.
        }
    }
}
