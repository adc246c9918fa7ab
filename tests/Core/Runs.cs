using System.Globalization;
using FsCheck;
using Microsoft.FSharp.Core;

namespace Harmony.Fleet.Tests.Core;

/// <summary>How many cases a property is tried with. <c>HARMONY_FLEET_PROPERTY_RUNS</c> is the most, and then they are the same ones each time: eng/mutate.sh runs them for each fault.</summary>
internal static class Runs
{
    private static readonly string? Most = Environment.GetEnvironmentVariable("HARMONY_FLEET_PROPERTY_RUNS");

    /// <summary>So many cases; the first that fails throws.</summary>
    public static Config Of(int count) => string.IsNullOrEmpty(Most)
        ? Config.QuickThrowOnFailure.WithMaxTest(count)
        : Config.QuickThrowOnFailure.WithMaxTest(Math.Min(count, int.Parse(Most, CultureInfo.InvariantCulture))).WithReplay(FSharpOption<Replay>.Some(new(new Rnd(1, 3), FSharpOption<int>.None)));
}
