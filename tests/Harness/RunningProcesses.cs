using System.Diagnostics;

namespace Harmony.Fleet.Tests.Harness;

/// <summary>Processes that somebody else started and keeps running.</summary>
public static class RunningProcesses
{
    /// <summary>The process that has <paramref name="argument"/> on its command line, but for those that only start it; null for none.</summary>
    public static int? Find(string argument)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(name => char.IsAsciiDigit(Path.GetFileName(name)[0])))
        {
            var arguments = CommandLine(process);
            if (arguments.Contains(argument) && !arguments[0].EndsWith("setpriv", StringComparison.Ordinal) && !arguments.Contains("-c"))
            {
                return int.Parse(Path.GetFileName(process));
            }
        }

        return null;
    }

    /// <summary>Sends a signal, for example <c>KILL</c>. After <c>STOP</c> it waits until every thread stands still: each stops in its own time.</summary>
    public static async Task SignalAsync(int pid, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, $"{pid}"]);
        await kill.WaitForExitAsync();
        if (kill.ExitCode != 0)
        {
            throw new InvalidOperationException($"Process {pid} did not get the signal {signal}.");
        }

        if (signal == "STOP")
        {
            await Eventually.HoldsAsync(() => States(pid).All(state => state == 'T'), $"process {pid} stands still");
        }
    }

    private static IEnumerable<char> States(int pid)
    {
        foreach (var task in Directory.EnumerateDirectories($"/proc/{pid}/task"))
        {
            var stat = File.ReadAllText(Path.Combine(task, "stat"));
            yield return stat[stat.LastIndexOf(')') + 2];
        }
    }

    private static string[] CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0');
        }
        catch (IOException)
        {
            // It ended while we looked.
            return [string.Empty];
        }
    }
}
