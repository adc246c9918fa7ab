using System.Collections.Concurrent;

namespace Harmony.Fleet.Tests.Simulation;

public sealed class PlantedBugTests
{
    private const int SeedsEach = 400;
    private const double Enough = 0.95;

    [Fact]
    public void PlantedBugs_AreFound()
    {
        var bugs = Enum.GetValues<PlantedBug>().Where(bug => bug != PlantedBug.None).ToArray();
        var found = new ConcurrentDictionary<PlantedBug, (int Seed, string Promise)>();
        Parallel.ForEach(bugs, bug =>
        {
            for (var seed = 1; seed <= SeedsEach && !found.ContainsKey(bug); seed++)
            {
                if (Simulation.Run(new World(seed, isTraced: false, bug)) is { } violation)
                {
                    found[bug] = (seed, violation.Promise);
                }
            }
        });
        foreach (var bug in bugs)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(found.TryGetValue(bug, out var by) ? $"{bug}: seed {by.Seed}, {by.Promise}" : $"{bug}: NOT FOUND");
        }

        var missed = bugs.Where(bug => !found.ContainsKey(bug)).ToArray();
        ((double)found.Count / bugs.Length).ShouldBeGreaterThanOrEqualTo(Enough, string.Join(", ", missed));
    }
}
