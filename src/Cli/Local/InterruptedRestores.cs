using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Cli.Local;

/// <summary>
/// What a restore leaves beside a data folder when it is killed: a folder with the store and all keys in it. Whoever restores into a data folder that is not there yet holds a lock beside
/// it meanwhile; with it, all that is found is of processes that are gone, and is removed.
/// </summary>
/// <param name="host">Where it is said.</param>
/// <param name="dataFolder">The data folder.</param>
internal sealed class InterruptedRestores(CliHost host, string dataFolder)
{
    private const int SuffixLength = 8;

    private readonly string parent = Path.GetDirectoryName(dataFolder) ?? "/";
    private readonly string prefix = $"{Path.GetFileName(dataFolder)}.restore-";
    private readonly string path = $"{dataFolder}.restore-lock";

    /// <summary>Begins to restore: nobody else does so meanwhile, and what others left is removed.</summary>
    /// <returns>Ends it; null where the folder is a fleet's, whose own lock is held then; or a fault of the kind Conflict where somebody else restores.</returns>
    public Outcome<IDisposable?> Begin()
    {
        try
        {
            if (new StackMark(dataFolder).Owner() is StackOwner.Fleet)
            {
                return default(Outcome<IDisposable?>);
            }

            Folders.Make(parent);
            if (OwnLock.TryTake(path) is not { } taken)
            {
                return Runs("another restore");
            }

            RemoveLeft(taken.IsLeft);
            return Outcome.Of<IDisposable?>(taken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Fault.Permanent($"nothing can be restored into {dataFolder}: {error.Message.TrimEnd('.')}");
        }
    }

    /// <summary>Removes what others left beside a folder in which a fleet may be set up, and says so; what cannot be removed, and what may be something else, is only told of.</summary>
    /// <returns>Null; or a fault of the kind Conflict where a restore into the folder runs.</returns>
    public Fault? ClearUp()
    {
        if (new StackMark(dataFolder).Refusal() is not null)
        {
            return null;
        }

        try
        {
            if (FileEntry.At(path).Kind != FileKind.None)
            {
                using var taken = OwnLock.TryTake(path);
                if (taken is null)
                {
                    return Runs("a restore");
                }

                RemoveLeft(taken.IsLeft);
                return null;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What is there is nothing that a restore made.
        }

        RemoveLeft(isKnown: false);
        return null;
    }

    private Fault Runs(string what) => new(FaultKind.Conflict, $"{what} into {dataFolder} runs already ({LockFile.Holder(path)})", "wait until it is done");

    /// <summary>Removes it, where a lock that was left says that a restore was killed.</summary>
    private void RemoveLeft(bool isKnown)
    {
        foreach (var folder in Left())
        {
            Remove(folder, isKnown);
        }
    }

    private void Remove(string folder, bool isKnown)
    {
        if (!isKnown)
        {
            host.Console.Say($"{folder} looks like what a restore left that was killed: it holds all keys of a fleet then. Remove it, unless you know it to be something else.");
            return;
        }

        try
        {
            Directory.Delete(folder, recursive: true);
            host.Console.Say($"Removed {folder}, which holds keys: a restore left it that was killed. It had put nothing back.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            host.Console.Say($"{folder} holds keys, and a restore left it that was killed; it cannot be removed: {error.Message.TrimEnd('.')}.");
        }
    }

    /// <summary>Folders of this user's own that have such a name, and nothing in them but what a restore writes.</summary>
    private string[] Left()
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(parent).Where(entry => IsName(Path.GetFileName(entry)) && IsOfARestore(entry)).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // There is no such folder, or this user may not list what is in it.
        }
    }

    private bool IsName(string name) =>
        name.Length == prefix.Length + SuffixLength && name.StartsWith(prefix, StringComparison.Ordinal) && name.AsSpan(prefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0;

    private static bool IsOfARestore(string folder)
    {
        try
        {
            return FileEntry.At(folder) is { Kind: FileKind.Folder, Owner: var owner } && owner == FileEntry.Self
                && Directory.EnumerateFileSystemEntries(folder).All(entry => Path.GetFileName(entry) is StackPaths.Mark or StackPaths.Wish or "keys" or "operator");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // A restore makes none that its user may not look into.
        }
    }
}
