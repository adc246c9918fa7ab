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
            EndTree(watcher);
        }
    }

    /// <summary>Ends a process with all that it started; nothing where it has ended, also where another one has its number now.</summary>
    internal static void EndTree(ProcessIdentity identity)
    {
        try
        {
            using var process = Process.GetProcessById(identity.Pid);
            if (identity.IsAlive)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It ended by itself meanwhile.
        }
    }

    /// <summary>What watches over each of <paramref name="containers"/>: conmon, which becomes the podman that deals with its end, and starts it again where that is due.</summary>
    public static ILookup<string, ProcessIdentity> WatchersOf(HashSet<string> containers) => ProcessTable.All()
        .Where(process => process.Words is [var program, ..] && (Path.GetFileName(program) == "conmon" || (Path.GetFileName(program) == "podman" && process.Words.Contains("cleanup"))))
        .SelectMany(process => process.Words.Where(containers.Contains).Distinct(StringComparer.Ordinal).Select(container => (container, process.Identity)))
        .ToLookup(pair => pair.container, pair => pair.Identity, StringComparer.Ordinal);

    /// <summary>Waits until all of <paramref name="processes"/> have ended, but not for ever.</summary>
    public static async Task EndedAsync(ImmutableArray<ProcessIdentity> processes, CancellationToken cancellationToken)
    {
        for (var began = TimeProvider.System.GetTimestamp(); processes.Any(process => process.IsAlive) && TimeProvider.System.GetElapsedTime(began) < Grace;)
        {
            await Task.Delay(Poll, cancellationToken).ConfigureAwait(false);
        }
    }

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
