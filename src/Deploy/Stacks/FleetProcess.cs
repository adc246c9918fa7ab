using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>A process that runs a fleet, known by the lock that it holds, whatever became of the folder.</summary>
/// <param name="Process">Which it is.</param>
/// <param name="Folder">Where the fleet's data folder is now; null where it was removed.</param>
internal sealed record FleetProcess(ProcessIdentity Process, string? Folder)
{
    private const string Lock = "/" + StackPaths.Lock;

    /// <summary>The one that <paramref name="process"/> is a part of; null where there is none, or it is this one itself: what a fleet leaves behind is taken over by others.</summary>
    public static FleetProcess? Above(ProcessIdentity process)
    {
        for (var above = process.Parent(); above is not null; above = above.Parent())
        {
            if (above.Pid != Environment.ProcessId && LockOf(above) is { } path)
            {
                return new FleetProcess(above, path.EndsWith(Lock, StringComparison.Ordinal) ? path[..^Lock.Length] : null);
            }
        }

        return null;
    }

    /// <summary>Not the folder /run/lock, which Debian has.</summary>
    private static string? LockOf(ProcessIdentity process) => ProcessTable.OpenFiles(process.Pid).FirstOrDefault(path =>
        path.Length > Lock.Length && (path.EndsWith(Lock, StringComparison.Ordinal) || path.EndsWith(Lock + " (deleted)", StringComparison.Ordinal)));
}
