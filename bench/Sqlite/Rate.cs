using System.Diagnostics;
using System.Globalization;

namespace Harmony.Fleet.Bench.Sqlite;

/// <summary>What one measurement gave.</summary>
/// <param name="PerSecond">How many a second.</param>
/// <param name="CpuMicroseconds">Processor time of this process for each, which other programs disturb less.</param>
/// <param name="Bytes">Bytes that this process gave to files for each.</param>
internal readonly record struct Rate(double PerSecond, double CpuMicroseconds, double Bytes)
{
    /// <summary>Measures <paramref name="count"/> of something.</summary>
    public static async Task<Rate> OfAsync(int count, Func<Task> work)
    {
        using var process = Process.GetCurrentProcess();
        var (start, cpu, bytes) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime, Written());
        await work();
        var elapsed = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        return new Rate(count / elapsed.TotalSeconds, (process.TotalProcessorTime - cpu).TotalMicroseconds / count, (Written() - bytes) / (double)count);
    }

    public override string ToString() => $"{PerSecond:N0}/s, {CpuMicroseconds:N0} us CPU and {Bytes:N0} bytes each";

    private static long Written() => long.Parse(
        File.ReadLines("/proc/self/io").First(line => line.StartsWith("wchar: ", StringComparison.Ordinal))["wchar: ".Length..], CultureInfo.InvariantCulture);
}
