namespace Harmony.Fleet.Tests.Simulation;

/// <summary>
/// Devices that, in some seeds, somebody removes with the finalizer taken off by hand while the operator's watch of them has ended: only its next list tells, and what they
/// said still stands on the bus. They live, so their Devices have to come again. Its chance is its own, so that other seeds stay as they are.
/// </summary>
internal sealed class ForcedRemoval(World world)
{
    private const double EndSeconds = 400;
    private readonly Random random = new(world.Seed);
    private readonly DateTimeOffset end = world.Schedule.Now.AddSeconds(EndSeconds);

    /// <summary>Whether it is so.</summary>
    public static bool IsIn(int seed) => seed % 10 == 3;

    public void Begin() => world.Schedule.After(30 + (60 * random.NextDouble()), Act);

    private void Act()
    {
        if (world.Schedule.Now > end)
        {
            return;
        }

        var agent = world.Agents[random.Next(world.Agents.Length)];
        if (world.Devices.Items.TryGetValue(agent.Id.Value, out var device) && device.Metadata.DeletionTimestamp is null && !world.Faults.Replayed.Contains(agent.Id))
        {
            world.Trace.Say($"device {device.Metadata.Name} is removed by force");
            world.Operator.MissDevices();
            world.Devices.PatchFinalizers(device.Metadata with { Finalizers = [] });
            if (world.Devices.Items.TryGetValue(device.Metadata.Name, out var free))
            {
                world.Devices.Delete(free);
            }
        }

        Begin();
    }
}
