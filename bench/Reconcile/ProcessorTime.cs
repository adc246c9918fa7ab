using System.Diagnostics;
using System.Globalization;

namespace Harmony.Fleet.Bench.Reconcile;

/// <summary>Processor time that a process and its ended children used.</summary>
internal static class ProcessorTime
{
    private const double TicksPerSecond = 100;

    public static TimeSpan Own() => Process.GetCurrentProcess().TotalProcessorTime;

    /// <summary>User and system time of a process, of its threads and of children that it waited for.</summary>
    public static TimeSpan Of(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds(fields[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond);
    }
}
