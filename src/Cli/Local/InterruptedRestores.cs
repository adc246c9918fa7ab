using System.Collections.Immutable;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Cli.Local;

/// <summary>
/// What a restore leaves beside a data folder when it is killed: a folder with part of the store and all keys in it. Whoever restores into a data folder that is not there yet holds a lock beside
/// it meanwhile, and notes in it what of such a name was there before: where the lock was left, all else is of the process that is gone, and is removed. What has a whole store in it is not.
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

            try
            {
                RemoveLeft(taken.Noted);
                taken.Note([.. Left().Select(Suffix)]);
            }
            catch
            {
                taken.Dispose();
                throw;
            }

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

                RemoveLeft(taken.Noted);
                return null;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What is there is nothing that a restore made.
        }

        RemoveLeft(noted: null);
        return null;
    }

    private Fault Runs(string what) => new(FaultKind.Conflict, $"{what} into {dataFolder} runs already ({LockFile.Holder(path)})", "wait until it is done");

    /// <summary>Removes it, where a lock that was left says that a restore was killed, and what was there before that; tells of the rest.</summary>
    private void RemoveLeft(ImmutableArray<string>? noted)
    {
        foreach (var folder in Left())
        {
            Remove(folder, isKnown: noted is { } before && !before.Contains(Suffix(folder), StringComparer.Ordinal) && !StagedFolder.HasStore(folder));
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

    /// <summary>What has such a name, and may be of a restore.</summary>
    private string[] Left()
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(parent).Where(entry => IsName(Path.GetFileName(entry)) && StagedFolder.IsOne(entry)).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // There is no such folder, or this user may not list what is in it.
        }
    }

    private string Suffix(string folder) => Path.GetFileName(folder)[prefix.Length..];

    private bool IsName(string name) =>
        name.Length == prefix.Length + SuffixLength && name.StartsWith(prefix, StringComparison.Ordinal) && name[prefix.Length..].All(char.IsAsciiHexDigitLower);
}
