using System.Runtime.InteropServices;

namespace Harmony.Fleet.Bench.Engine;

/// <summary>The processor's time that the present thread had. Only on Linux.</summary>
internal static unsafe partial class ThreadTime
{
    private const int OfThread = 3;

    /// <summary>All of it until now.</summary>
    public static TimeSpan Now()
    {
        var time = default(Time);
        return GetTime(OfThread, &time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick)
            : throw new PlatformNotSupportedException("This system does not tell the processor time of a thread.");
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, Time* time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
