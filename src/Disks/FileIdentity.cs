using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Harmony.Fleet.Disks;

/// <summary>Which file it is, whatever its name: two that are there at the same time differ. The number of one that is open is given to no other.</summary>
/// <param name="Device">The file system.</param>
/// <param name="Number">The file's number in it (inode).</param>
public readonly record struct FileIdentity(ulong Device, ulong Number)
{
    private const uint Ask = 0x100; // STATX_INO
    private const int NumberOffset = 32;
    private const int DeviceOffset = 136;

    /// <summary>Which file is at <paramref name="path"/>, behind a link too; null where there is none.</summary>
    /// <exception cref="UnauthorizedAccessException">This user may not look.</exception>
    /// <exception cref="IOException">It cannot be told.</exception>
    public static FileIdentity? At(string path)
    {
        Span<byte> found = stackalloc byte[FileEntry.StatxBytes];
        if (FileEntry.Statx(FileEntry.FromWorkingFolder, path, 0, Ask, ref MemoryMarshal.GetReference(found)) == 0)
        {
            return Read(found);
        }

        return FileEntry.Problem(Marshal.GetLastPInvokeError(), path) is { } problem ? throw problem : null;
    }

    /// <summary>What the kernel tells.</summary>
    internal static FileIdentity Read(ReadOnlySpan<byte> found) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(found[DeviceOffset..]), BinaryPrimitives.ReadUInt64LittleEndian(found[NumberOffset..]));
}
