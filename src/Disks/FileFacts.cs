using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Harmony.Fleet.Disks;

/// <summary>What is known of a file beside its bytes, of a name or of what is open: both are of the same file where <see cref="Identity"/> is the same.</summary>
/// <param name="Entry">What it is, and whose.</param>
/// <param name="Links">How many names it has.</param>
/// <param name="Identity">Which one it is.</param>
internal readonly partial record struct FileFacts(FileEntry Entry, uint Links, FileIdentity Identity)
{
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const int OfTheFolderItself = 0x1000; // AT_EMPTY_PATH: what is open.
    private const uint Ask = 0x1 | 0x4 | 0x8 | 0x100; // STATX_TYPE, STATX_NLINK, STATX_UID, STATX_INO
    private const int LinksOffset = 16;

    /// <summary>Of what is at <paramref name="path"/>, a link itself; null where nothing is.</summary>
    /// <exception cref="UnauthorizedAccessException">This user may not look.</exception>
    /// <exception cref="IOException">It cannot be told.</exception>
    public static FileFacts? At(string path)
    {
        Span<byte> found = stackalloc byte[FileEntry.StatxBytes];
        if (FileEntry.Statx(FileEntry.FromWorkingFolder, path, NoFollow, Ask, ref MemoryMarshal.GetReference(found)) == 0)
        {
            return Read(found);
        }

        return FileEntry.Problem(Marshal.GetLastPInvokeError(), path) is { } problem ? throw problem : null;
    }

    /// <summary>Of the file that is open.</summary>
    /// <exception cref="IOException">It cannot be told.</exception>
    public static FileFacts Of(SafeFileHandle file)
    {
        Span<byte> found = stackalloc byte[FileEntry.StatxBytes];
        return Statx(file, string.Empty, OfTheFolderItself, Ask, ref MemoryMarshal.GetReference(found)) == 0
            ? Read(found)
            : throw new IOException($"An open file cannot be looked at: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private static FileFacts Read(ReadOnlySpan<byte> found) =>
        new(FileEntry.Read(found), BinaryPrimitives.ReadUInt32LittleEndian(found[LinksOffset..]), FileIdentity.Read(found));

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(SafeFileHandle folder, string path, int flags, uint mask, ref byte found);
}
