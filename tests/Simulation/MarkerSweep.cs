namespace Harmony.Fleet.Tests.Simulation;

/// <summary>
/// Removes old delete markers as an operator's sweeper does: a list of a bucket, and each marker of it a moment later, where that very one is still there. Its hour is eighty seconds
/// here: what is late comes within that. Its chance is its own, so that what else is drawn stays as it is.
/// </summary>
internal sealed class MarkerSweep(World world, SimulatedOperator owner)
{
    private const double GraceSeconds = 80;
    private const double IntervalSeconds = 40;

    // One of ten removals is not carried out: the link broke, or the operator ended.
    private const double LostShare = 0.1;

    private readonly Random random = new(HashCode(world.Seed, owner.Term));

    public void Begin() => world.Schedule.After(IntervalSeconds * (0.5 + (random.NextDouble() / 2)), Sweep);

    private static int HashCode(int seed, long term) => unchecked((seed * 397) + (int)term);

    private void Sweep()
    {
        if (!owner.IsAlive)
        {
            return;
        }

        if (!owner.IsPaused && owner.Link.IsUp)
        {
            foreach (var bucket in SimulatedBus.Names.Select(name => world.Bus[name]))
            {
                var until = world.Schedule.Now.AddSeconds(-GraceSeconds);
                var old = bucket.Keys.Values.Where(one => one.IsDeleted && one.At <= until && random.NextDouble() >= LostShare).ToArray();
                Array.ForEach(old, marker => world.Schedule.After(random.NextDouble(), () => bucket.Purge(marker)));
            }
        }

        Begin();
    }
}
