using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Harmony.Fleet.Disks;

/// <summary>What a name in the file system stands for.</summary>
public enum FileKind
{
    /// <summary>There is no such name.</summary>
    None,

    /// <summary>A file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link, whatever it leads to.</summary>
    Link,

    /// <summary>A pipe (FIFO): whoever opens it waits for the other end.</summary>
    Pipe,

    /// <summary>A socket.</summary>
    Socket,

    /// <summary>A device.</summary>
    Device,
}

/// <summary>A name in the file system, seen without following it where it is a link: .NET's own calls follow, and do not tell owners.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Owner">The number of the user whose it is.</param>
public readonly partial record struct FileEntry(FileKind Kind, uint Owner)
{
    internal const int FromWorkingFolder = -100; // AT_FDCWD

    // struct statx has the same layout on every architecture.
    internal const int StatxBytes = 256;

    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint KindAndOwner = 0x1 | 0x8; // STATX_TYPE, STATX_UID

    private const int OwnerOffset = 20;
    private const int ModeOffset = 28;

    private const int NoEntry = 2; // ENOENT
    private const int NotAllowed = 13; // EACCES
    private const int NoFolder = 20; // ENOTDIR

    /// <summary>The user that this process acts for.</summary>
    public static uint Self => GetEffectiveUser();

    /// <summary>What is at <paramref name="path"/>; with <paramref name="follow"/> what a link there leads to.</summary>
    /// <exception cref="UnauthorizedAccessException">This user may not look.</exception>
    /// <exception cref="IOException">It cannot be told.</exception>
    public static FileEntry At(string path, bool follow = false)
    {
        Span<byte> found = stackalloc byte[StatxBytes];
        if (Statx(FromWorkingFolder, path, follow ? 0 : NoFollow, KindAndOwner, ref MemoryMarshal.GetReference(found)) == 0)
        {
            return Read(found);
        }

        return Problem(Marshal.GetLastPInvokeError(), path) is { } problem ? throw problem : default;
    }

    /// <summary>What the kernel tells.</summary>
    internal static FileEntry Read(ReadOnlySpan<byte> found) =>
        new(KindOf(BinaryPrimitives.ReadUInt16LittleEndian(found[ModeOffset..])), BinaryPrimitives.ReadUInt32LittleEndian(found[OwnerOffset..]));

    /// <summary>Why it is not known what is at <paramref name="path"/>; null where nothing is.</summary>
    internal static Exception? Problem(int error, string path) => error switch
    {
        NoEntry or NoFolder => null,
        NotAllowed => new UnauthorizedAccessException($"{path} may not be looked at."),
        _ => new IOException($"{path} cannot be looked at: {Marshal.GetPInvokeErrorMessage(error)}"),
    };

    /// <summary>A kind as sentences say it.</summary>
    internal static string Word(FileKind kind) => kind switch
    {
        FileKind.None => "nothing",
        FileKind.File => "a file",
        FileKind.Folder => "a folder",
        FileKind.Link => "a link",
        FileKind.Pipe => "a pipe",
        FileKind.Socket => "a socket",
        _ => "a device",
    };

    private static FileKind KindOf(ushort mode) => (mode & 0xF000) switch
    {
        0x8000 => FileKind.File,
        0x4000 => FileKind.Folder,
        0xA000 => FileKind.Link,
        0x1000 => FileKind.Pipe,
        0xC000 => FileKind.Socket,
        _ => FileKind.Device,
    };

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int Statx(int folder, string path, int flags, uint mask, ref byte found);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint GetEffectiveUser();
}
