using System.Collections.Immutable;
using System.Diagnostics;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Deploy.Podman;

/// <summary>Processes of a private podman that outlive those that started them.</summary>
internal static class PodmanProcesses
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether a service has lost the process that started it: a user's consists of two, of which the one that is watched may end without the other.</summary>
    public static bool IsServiceOrphaned(PodmanLayout layout) => !Environment.IsPrivilegedProcess && Services(layout).Length == 1;

    /// <summary>Ends what is left of the service.</summary>
    public static async Task EndServiceAsync(PodmanLayout layout, TimeProvider time)
    {
        var left = Services(layout);
        var began = time.GetTimestamp();
        foreach (var process in left)
        {
            Signals.Send(process.Pid, Signal.Terminate);
        }

        while (left.Any(process => process.IsAlive))
        {
            if (time.GetElapsedTime(began) > Grace)
            {
                foreach (var process in left.Where(process => process.IsAlive))
                {
                    Signals.Send(process.Pid, Signal.Kill);
                }
            }

            await Task.Delay(Poll, time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Ends containers that podman lost track of: what watches over each names the folder that podman kept it in.</summary>
    public static void EndLostContainers(PodmanLayout layout)
    {
        foreach (var watcher in Find("conmon", word => word.StartsWith(layout.StorageFolder + "/", StringComparison.Ordinal)))
        {
            using var process = Process.GetProcessById(watcher.Pid);
            process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Whether something watches over a container, and will tell podman of its end.</summary>
    public static bool IsWatched(string container) => !Find("conmon", word => word == container).IsEmpty;

    private static ImmutableArray<ProcessIdentity> Services(PodmanLayout layout) => Find("podman", word => word == "unix://" + layout.SocketPath);

    private static ImmutableArray<ProcessIdentity> Find(string name, Predicate<string> isMeant)
    {
        var found = ImmutableArray.CreateBuilder<ProcessIdentity>();
        foreach (var process in Process.GetProcessesByName(name))
        {
            using (process)
            {
                if (ProcessTable.IsHere(process.Id) && ProcessIdentity.Of(process.Id) is { } identity && Array.Exists(CommandLineOf(process.Id), isMeant))
                {
                    found.Add(identity);
                }
            }
        }

        return found.ToImmutable();
    }

    private static string[] CommandLineOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return []; // It has ended, or is nobody's business.
        }
    }
}
