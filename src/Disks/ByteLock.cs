using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Harmony.Fleet.Disks;

/// <summary>
/// A lock of a file that one holder at a time has, by whatever name the file goes. The kernel frees it when its holder ends, however that comes. It is a lock of one byte
/// beyond those that SQLite locks, and keeps nobody from reading, writing or removing the file.
/// </summary>
public sealed partial class ByteLock : IDisposable
{
    /// <summary>SQLite's end at 0x40000200.</summary>
    private const long Offset = 0x4000_1000;

    private const int SetLock = 37; // F_OFD_SETLK: of what is opened here, not of the process.
    private const short Exclusive = 1; // F_WRLCK
    private const int LockBytes = 32; // struct flock, the same on every 64-bit Linux.
    private const int NotAllowed = 13; // EACCES
    private const int WouldBlock = 11; // EAGAIN
    private const int Unknown = 22; // EINVAL: a kernel without such locks.

    private readonly SafeFileHandle held;

    private ByteLock(SafeFileHandle held) => this.held = held;

    /// <summary>Takes the lock of the file at <paramref name="path"/>, which is there. A kernel that knows no such locks gives it to everybody.</summary>
    /// <returns>It; null when somebody holds it.</returns>
    /// <exception cref="IOException">The file cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it.</exception>
    public static ByteLock? TryTake(string path)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> range = stackalloc byte[LockBytes];
        range.Clear();
        BinaryPrimitives.WriteInt16LittleEndian(range, Exclusive);
        BinaryPrimitives.WriteInt64LittleEndian(range[8..], Offset);
        BinaryPrimitives.WriteInt64LittleEndian(range[16..], 1);
        if (Control(file, SetLock, ref MemoryMarshal.GetReference(range)) == 0 || Marshal.GetLastPInvokeError() is Unknown)
        {
            return new ByteLock(file);
        }

        var (error, reason) = (Marshal.GetLastPInvokeError(), Marshal.GetLastPInvokeErrorMessage());
        file.Dispose();
        return error is WouldBlock or NotAllowed ? null : throw new IOException($"{path} cannot be locked: {reason}");
    }

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle file, int command, ref byte range);
}
