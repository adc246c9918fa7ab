using Harmony.Fleet.Contracts.Bus;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>A broker that, in some seeds, gives devices what is not theirs, and takes or damages scores. Its chance is its own, so that other seeds stay as they are.</summary>
internal sealed class HostileBroker(World world)
{
    private const double EndSeconds = 400;
    private readonly Random random = new(world.Seed);
    private readonly DateTimeOffset end = world.Schedule.Now.AddSeconds(EndSeconds);

    /// <summary>Whether it is so.</summary>
    public static bool IsIn(int seed) => seed % 10 == 1;

    public void Begin() => world.Schedule.After(10 + (20 * random.NextDouble()), Act);

    private void Act()
    {
        if (world.Schedule.Now > end)
        {
            return;
        }

        switch (random.Next(3))
        {
            case 0:
                Mislead();
                break;
            case 1:
                Spoil(bytes => [.. bytes.Reverse()]);
                break;
            default:
                Spoil(_ => null);
                break;
        }

        Begin();
    }

    // The manifest of one device, with its MAC, is published to another one.
    private void Mislead()
    {
        var (from, to) = (world.Agents[random.Next(world.Agents.Length)], world.Agents[random.Next(world.Agents.Length)]);
        if (from != to && to.Link.IsUp && world.Bus[BucketNames.DesiredState].Get(from.Id.Value) is { } stored)
        {
            world.Trace.Say($"{to.Id} is given the manifest of {from.Id}");
            to.Offer(stored.Value, stored.Mac);
        }
    }

    private void Spoil(Func<byte[], byte[]?> spoil)
    {
        var bucket = world.Bus[BucketNames.Scores];
        if (!bucket.Exists || bucket.Keys.Values.Where(one => !one.IsDeleted).ToArray() is not { Length: > 0 } all)
        {
            return;
        }

        var one = all[random.Next(all.Length)];
        var spoilt = spoil(one.Value);
        world.Trace.Say($"the score {one.Key[..12]} is {(spoilt is null ? "removed" : "damaged")}");
        bucket.Update(one.Key, spoilt ?? [], null, one.Revision, isDeleted: spoilt is null);
    }
}
