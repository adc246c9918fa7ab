using System.Globalization;

namespace Harmony.Fleet.LoadTest.Measuring;

/// <summary>Memory and processor time of a process, as the kernel tells them; nothing of one that is not known.</summary>
internal sealed class ProcessMeter
{
    private const double TicksPerSecond = 100;
    private const int UserTime = 11;
    private readonly int? pid;
    private readonly double cpuBefore;
    private double mostMiB;

    /// <summary>Begins to measure a process.</summary>
    public ProcessMeter(int? pid)
    {
        this.pid = pid;
        cpuBefore = CpuSeconds();
    }

    /// <summary>The largest resident memory that was seen.</summary>
    public double MostMiB => mostMiB;

    /// <summary>The processor time since it began.</summary>
    public double Cpu => CpuSeconds() - cpuBefore;

    /// <summary>Looks.</summary>
    public void Look()
    {
        var line = Lines("status").FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        mostMiB = line is null ? mostMiB : Math.Max(mostMiB, double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024);
    }

    private double CpuSeconds() => Lines("stat").FirstOrDefault() is not { } line ? 0
        : line[(line.LastIndexOf(')') + 2)..].Split(' ').Skip(UserTime).Take(2).Sum(ticks => double.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;

    private string[] Lines(string file)
    {
        try
        {
            return pid is null ? [] : File.ReadAllLines($"/proc/{pid}/{file}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
