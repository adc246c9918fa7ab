using System.Globalization;
using System.Reflection;

namespace Harmony.Fleet.Tests.Simulation;

public sealed class SimulationTests
{
    private const int DefaultSeeds = 200;

    /// <summary>More of them with HARMONY_FLEET_SEEDS, others with HARMONY_FLEET_FIRST_SEED; one alone with HARMONY_FLEET_SEED. Where one fails, HARMONY_FLEET_TRACE names a file for all that happened.</summary>
    [Fact]
    public void Fleet_WhateverGoesWrong_KeepsItsPromises()
    {
        var first = Number("HARMONY_FLEET_SEED");
        var seeds = first is { } one ? [one] : Enumerable.Range(Number("HARMONY_FLEET_FIRST_SEED") ?? 1, Number("HARMONY_FLEET_SEEDS") ?? DefaultSeeds);
        Simulation.RunAll(seeds.ToArray()).ShouldBeEmpty();
    }

    [Fact]
    public void KeptSeeds_WhateverGoesWrong_KeepTheirPromises() => Simulation.RunAll(Kept()).ShouldBeEmpty();

    [Fact]
    public void Seed_RunTwice_GivesTheSameRun() => Simulation.TraceOf(7).ShouldBe(Simulation.TraceOf(7));

    private static int[] Kept()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("Seeds.txt")!);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && char.IsAsciiDigit(line[0])).Select(line => int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture))];
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
