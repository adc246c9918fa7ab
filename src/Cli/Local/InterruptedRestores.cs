using System.Text.RegularExpressions;
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
internal sealed partial class InterruptedRestores(CliHost host, string dataFolder)
{
    private readonly string parent = Path.GetDirectoryName(dataFolder) ?? "/";
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
            return Take() is { } turn
                ? Outcome.Of<IDisposable?>(turn)
                : new Fault(FaultKind.Conflict, $"another restore into {dataFolder} runs already ({LockFile.Holder(path)})", "wait until it is done");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Fault.Permanent($"nothing can be restored into {dataFolder}: {error.Message.TrimEnd('.')}");
        }
    }

    /// <summary>Removes what others left, and says so; what cannot be removed, and what may be of one that still runs, is only told of.</summary>
    public void ClearUp()
    {
        try
        {
            if (Path.Exists(path) || Left().Length > 0)
            {
                Take()?.Dispose();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            host.Console.Say($"What a restore left beside {dataFolder} cannot be looked for: {error.Message.TrimEnd('.')}.");
        }
    }

    private Turn? Take()
    {
        // Without that file nobody says that what lies there is of a restore, and that it has ended.
        var isKnown = Path.Exists(path);
        if (LockFile.TryTake(path) is not { } taken)
        {
            return null;
        }

        var turn = new Turn(path, taken);
        foreach (var folder in Left())
        {
            Remove(folder, isKnown);
        }

        return turn;
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
    private string[] Left() => !Directory.Exists(parent) ? [] :
    [
        .. Directory.EnumerateFileSystemEntries(parent, $"{Path.GetFileName(dataFolder)}.restore-*")
            .Where(folder => Ending().IsMatch(folder) && FileEntry.At(folder) is { Kind: FileKind.Folder, Owner: var owner } && owner == FileEntry.Self)
            .Where(folder => Directory.EnumerateFileSystemEntries(folder).All(entry => Path.GetFileName(entry) is StackPaths.Mark or StackPaths.Wish or "keys" or "operator"))
            .Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex(@"\.restore-[0-9a-f]{8}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ending();

    /// <summary>The file goes first: whoever finds it can take it, or it is held.</summary>
    private sealed class Turn(string path, LockFile taken) : IDisposable
    {
        public void Dispose()
        {
            using (taken)
            {
                File.Delete(path);
            }
        }
    }
}
