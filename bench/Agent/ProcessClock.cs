using System.Runtime.InteropServices;

namespace Harmony.Fleet.Bench.Agent;

/// <summary>Processor time of another process, ended threads included. Finer than the hundredths of a second that <c>/proc</c> tells.</summary>
internal static partial class ProcessClock
{
    /// <summary>User and system time of <paramref name="process"/>.</summary>
    public static TimeSpan Of(int process)
    {
        // clock_getcpuclockid(3): the process id, inverted, and that the scheduler's own count is meant.
        const int SchedulerClock = 2;
        return ReadClock((~process << 3) | SchedulerClock, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
            : throw new InvalidOperationException($"Process {process} has ended.");
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ReadClock(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
