using System.Diagnostics;

namespace Harmony.Fleet.Bench.Sqlite;

/// <summary>What one measurement gave.</summary>
/// <param name="PerSecond">How many a second.</param>
/// <param name="CpuMicroseconds">Processor time of this process for each, which other programs disturb less.</param>
internal readonly record struct Rate(double PerSecond, double CpuMicroseconds)
{
    /// <summary>Measures <paramref name="count"/> of something.</summary>
    public static async Task<Rate> OfAsync(int count, Func<Task> work)
    {
        using var process = Process.GetCurrentProcess();
        var (start, cpu) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        await work();
        var elapsed = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        return new Rate(count / elapsed.TotalSeconds, (process.TotalProcessorTime - cpu).TotalMicroseconds / count);
    }

    public override string ToString() => $"{PerSecond:N0}/s, {CpuMicroseconds:N0} us CPU each";
}
