using Harmony.Fleet.Ports.State;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>The record by which one of several operators leads. It stands where resources stand, and is away with them.</summary>
internal sealed class SimulatedLease
{
    public long Term { get; set; }

    /// <summary>Another number with each renewal.</summary>
    public long Version { get; set; }

    public SimulatedLeadership? Holder { get; set; }
}

/// <summary>
/// One process's part in a lease, as the field has it: nobody takes it before it has seen no renewal for <see cref="LeaseSeconds"/> by its own monotonic clock, and who leads stops
/// earlier than that, counted from when it sent its last renewal.
/// </summary>
internal sealed class SimulatedLeadership(World world, SimulatedLease lease, Func<DateTimeOffset> wall) : ILeadership
{
    /// <summary>How long after the last renewal nobody else leads.</summary>
    public const double LeaseSeconds = 15;

    // What is left of the lease after it is the time that a write may take.
    private const double DeadlineSeconds = 10;

    private (long Version, DateTimeOffset At) observed = (-1, default);
    private DateTimeOffset deadline;

    /// <inheritdoc/>
    public TimeSpan Remaining => deadline - Clock;

    // Virtual time is the monotonic clock of all processes: it goes on while one stands still.
    private DateTimeOffset Clock => world.Planted == PlantedBug.DeadlineByWallClock ? wall() : world.Schedule.Now;

    /// <inheritdoc/>
    public Task<long> BeginTermAsync(CancellationToken cancellationToken)
    {
        if (world.Faults.IsStoreAway)
        {
            return Task.FromException<long>(new IOException("the store is away"));
        }

        var now = world.Schedule.Now;
        observed = observed.Version == lease.Version ? observed : (lease.Version, now);
        if (lease.Holder is { } other && other != this && (now - observed.At).TotalSeconds < LeaseSeconds)
        {
            return Task.FromException<long>(new IOException("another one leads"));
        }

        (lease.Holder, lease.Version, deadline) = (this, lease.Version + 1, Clock.AddSeconds(DeadlineSeconds));
        lease.Term = world.Planted == PlantedBug.TermNotRaised && lease.Term > 0 ? lease.Term : world.Versions.NextTerm();
        return Task.FromResult(lease.Term);
    }

    /// <summary>Says that it still leads: what is sent may come late or never, and so may the answer.</summary>
    public void Renew()
    {
        var sent = Clock;
        world.Schedule.After(world.Schedule.Delay(), () =>
        {
            if (world.Faults.IsStoreAway || world.Faults.IsLost() || lease.Holder != this)
            {
                return;
            }

            lease.Version++;
            var until = sent.AddSeconds(DeadlineSeconds);
            world.Schedule.After(world.Schedule.Delay(), () => deadline = until > deadline ? until : deadline);
        });
    }
}
