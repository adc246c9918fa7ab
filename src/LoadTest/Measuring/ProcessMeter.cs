using System.Collections.Immutable;
using System.Globalization;

namespace Harmony.Fleet.LoadTest.Measuring;

/// <summary>Memory and processor time of processes, all of them together, as the kernel tells them; nothing of one that is not known.</summary>
internal sealed class ProcessMeter
{
    private const double TicksPerSecond = 100;
    private const int UserTime = 11;
    private readonly ImmutableArray<int> pids;
    private readonly double cpuBefore;
    private double mostMiB;

    /// <summary>Begins to measure a process.</summary>
    public ProcessMeter(int? pid)
        : this(pid is { } known ? [known] : ImmutableArray<int>.Empty)
    {
    }

    /// <summary>Begins to measure processes.</summary>
    public ProcessMeter(ImmutableArray<int> pids)
    {
        this.pids = pids;
        cpuBefore = CpuSeconds();
    }

    /// <summary>The largest resident memory that was seen, of all of them at once.</summary>
    public double MostMiB => mostMiB;

    /// <summary>The processor time since it began.</summary>
    public double Cpu => CpuSeconds() - cpuBefore;

    /// <summary>Looks.</summary>
    public void Look() => mostMiB = Math.Max(mostMiB, pids.Sum(ResidentMiB));

    private double CpuSeconds() => pids.Sum(CpuSeconds);

    private static double ResidentMiB(int pid) => Lines(pid, "status").FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)) is not { } line ? 0
        : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;

    private static double CpuSeconds(int pid) => Lines(pid, "stat").FirstOrDefault() is not { } line ? 0
        : line[(line.LastIndexOf(')') + 2)..].Split(' ').Skip(UserTime).Take(2).Sum(ticks => double.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;

    private static string[] Lines(int pid, string file)
    {
        try
        {
            return File.ReadAllLines($"/proc/{pid}/{file}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
