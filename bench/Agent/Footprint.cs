using System.Globalization;

namespace Harmony.Fleet.Bench.Agent;

/// <summary>What a process holds and has used up to now.</summary>
/// <param name="Resident">Its pages in memory, in bytes; those that it shares with others included.</param>
/// <param name="Private">Of these, the ones that it has written to. Not what the kernel calls dirty: a program that was only just built is that too.</param>
/// <param name="Processor">User and system time.</param>
/// <param name="WakeUps">How often one of its present threads went to sleep.</param>
/// <param name="Threads">How many threads it has.</param>
internal sealed record Footprint(long Resident, long Private, TimeSpan Processor, long WakeUps, int Threads)
{
    public static Footprint Of(int process)
    {
        var rollup = Fields($"/proc/{process}/smaps_rollup");
        var threads = Directory.GetDirectories($"/proc/{process}/task");
        var wakeUps = threads.Sum(thread => Fields($"{thread}/status")["voluntary_ctxt_switches"]);
        return new(rollup["Rss"] * 1024, rollup["Anonymous"] * 1024, ProcessClock.Of(process), wakeUps, threads.Length);
    }

    /// <summary>The numbers in a file of lines like <c>Rss: 12 kB</c>.</summary>
    private static Dictionary<string, long> Fields(string file)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(file))
        {
            if (line.Split(':', StringSplitOptions.TrimEntries) is [var name, var value]
                && long.TryParse(value.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                found[name] = number;
            }
        }

        return found;
    }
}
