using System.Diagnostics;

namespace Harmony.Fleet.Bench.Sqlite;

/// <summary>Counts a second.</summary>
internal readonly struct Rate(long start)
{
    public static Rate Begin() => new(Stopwatch.GetTimestamp());

    public double Of(int count) => count / Stopwatch.GetElapsedTime(start).TotalSeconds;
}
