using System.Buffers.Binary;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Cli.Local;

/// <summary>The folder into which a restore unpacks a backup, before it counts.</summary>
internal static class StagedFolder
{
    private const int HeadBytes = 100;
    private const int PageSizeOffset = 16;
    private const int PagesOffset = 28;
    private const int LargestPage = 65_536; // Which SQLite writes as 1.

    /// <summary>Whether it may be one: a folder of this user's own with a fleet's mark, and nothing in it but what a restore writes.</summary>
    public static bool IsOne(string folder)
    {
        try
        {
            return FileEntry.At(folder) is { Kind: FileKind.Folder, Owner: var owner } && owner == FileEntry.Self
                && FileEntry.At(Path.Combine(folder, StackPaths.Mark)).Kind == FileKind.File
                && Directory.EnumerateFileSystemEntries(folder).All(entry => Path.GetFileName(entry) is StackPaths.Mark or StackPaths.Wish or "keys" or "operator");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // A restore makes none that its user may not look into.
        }
    }

    /// <summary>Whether all of a store is in it, or that cannot be told: it may be a fleet that was restored there, and is not up yet.</summary>
    public static bool HasStore(string folder)
    {
        try
        {
            var store = Path.Combine(folder, StackPaths.OperatorStore);
            if (FileEntry.At(store).Kind != FileKind.File)
            {
                return FileEntry.At(store).Kind != FileKind.None;
            }

            Span<byte> head = stackalloc byte[HeadBytes];
            using var file = File.OpenHandle(store, share: FileShare.ReadWrite | FileShare.Delete);
            if (RandomAccess.Read(file, head, 0) < HeadBytes)
            {
                return false;
            }

            var page = BinaryPrimitives.ReadUInt16BigEndian(head[PageSizeOffset..]) is var size && size == 1 ? LargestPage : size;
            return RandomAccess.GetLength(file) >= (long)page * BinaryPrimitives.ReadUInt32BigEndian(head[PagesOffset..]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
