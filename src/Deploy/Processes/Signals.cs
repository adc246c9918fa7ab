using System.Runtime.InteropServices;

namespace Harmony.Fleet.Deploy.Processes;

/// <summary>The signals in use, by their number on Linux.</summary>
internal enum Signal
{
    /// <summary>Only asks whether the process is there.</summary>
    None = 0,

    /// <summary>Read the configuration again.</summary>
    Hangup = 1,

    /// <summary>End at once.</summary>
    Kill = 9,

    /// <summary>End in good order.</summary>
    Terminate = 15,

    /// <summary>Go on after having been stopped.</summary>
    Continue = 18,
}

/// <summary>Sends signals: .NET itself can only kill.</summary>
internal static partial class Signals
{
    /// <summary>Sends <paramref name="signal"/> to a process.</summary>
    /// <returns>Whether it was there.</returns>
    public static bool Send(int pid, Signal signal) => pid > 1 && Kill(pid, (int)signal) == 0;

    /// <summary>Sends <paramref name="signal"/> to every process of the group that <paramref name="leader"/> leads.</summary>
    /// <returns>Whether one was there.</returns>
    public static bool SendToGroup(int leader, Signal signal) => leader > 1 && Kill(-leader, (int)signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
