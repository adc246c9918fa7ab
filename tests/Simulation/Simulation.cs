using System.Collections.Concurrent;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>Runs seeds. One that fails is run again, to tell how it came to that.</summary>
internal static class Simulation
{
    private const int LinesTold = 60;

    /// <summary>Those of <paramref name="seeds"/> that break a promise, each with its last events.</summary>
    public static string[] RunAll(int[] seeds)
    {
        var broken = new ConcurrentDictionary<int, ViolationException>();
        Parallel.ForEach(seeds, seed =>
        {
            if (Run(new World(seed, isTraced: false, PlantedBug.None)) is { } violation)
            {
                broken[seed] = violation;
            }
        });
        return [.. broken.OrderBy(one => one.Key).Take(3).Select(one => Describe(one.Key, broken))];
    }

    /// <summary>The first promise that breaks; null for none.</summary>
    public static ViolationException? Run(World world)
    {
        try
        {
            world.Run();
            return null;
        }
        catch (ViolationException violation)
        {
            return violation;
        }
    }

    public static string[] TraceOf(int seed)
    {
        var world = new World(seed, isTraced: true, PlantedBug.None);
        Run(world);
        world.Schedule.Count.ShouldBeGreaterThan(500);
        return [.. world.Trace.Lines];
    }

    private static string Describe(int seed, IReadOnlyDictionary<int, ViolationException> all)
    {
        var world = new World(seed, isTraced: true, PlantedBug.None);
        var violation = Run(world);
        if (Environment.GetEnvironmentVariable("HARMONY_FLEET_TRACE") is { Length: > 0 } file)
        {
            File.WriteAllLines(file, [.. world.Trace.Lines, $"{violation?.Message}"]);
        }

        return $"""
            seed {seed} (HARMONY_FLEET_SEED={seed} runs it again; all: {string.Join(", ", all.Keys.Order())}), after {world.Schedule.Count} events
            {violation?.Message ?? $"Run again it broke none: what breaks depends on more than its seed. At first it was: {all[seed].Message}"}
            {string.Join('\n', world.Trace.Lines.TakeLast(LinesTold))}
            """;
    }
}
