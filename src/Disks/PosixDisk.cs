using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Harmony.Fleet.Disks;

/// <summary>The machine's own file system.</summary>
public sealed partial class PosixDisk : IDisk
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <inheritdoc/>
    public FileKind Kind(string path) => FileEntry.At(path, follow: true).Kind;

    /// <inheritdoc/>
    public void MakeFolder(string folder) => Folders.Make(folder);

    /// <inheritdoc/>
    public byte[]? Read(string path, int maxBytes)
    {
        try
        {
            return RegularFile.Read(path, maxBytes);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        DemandRoom(path);
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
            UnixCreateMode = OwnerOnly,
        };
        using var file = new FileStream(path, options);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        if (FileEntry.At(from).Kind == FileKind.Folder)
        {
            Directory.Move(from, to);
            return;
        }

        DemandRoom(to);
        File.Move(from, to, overwrite: true);
    }

    /// <inheritdoc/>
    public void Sync(string folder)
    {
        // .NET opens no folders.
        var descriptor = OpenToRead(folder);
        if (descriptor < 0)
        {
            throw Failure(folder);
        }

        try
        {
            if (Fsync(descriptor) != 0)
            {
                throw Failure(folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Exchanges two names in one step: never is there nothing under either.</summary>
    public static void Exchange(string one, string other)
    {
        const int WorkingFolder = -100;
        const uint ByExchange = 2;
        if (Renameat2(WorkingFolder, one, WorkingFolder, other, ByExchange) != 0)
        {
            throw new IOException($"'{one}' and '{other}' could not be exchanged: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Returns when a file's bytes are on the disk; not what else is known of it.</summary>
    public static void SyncData(SafeFileHandle file)
    {
        if (Fdatasync(file) != 0)
        {
            throw new IOException($"A file could not be flushed to disk: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <inheritdoc/>
    public void Delete(string path) => File.Delete(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path))] : [];

    /// <summary>Opens a file or folder as it is. Flags differ between architectures; reading without any works on all of them.</summary>
    /// <returns>The descriptor; negative where it cannot be opened.</returns>
    internal static int OpenToRead(string path) => Open(path, 0);

    /// <summary>What .NET says of a folder in a file's place is that this user may not.</summary>
    private static void DemandRoom(string path)
    {
        if (FileEntry.At(path, follow: true).Kind is not (FileKind.None or FileKind.File) and var kind)
        {
            throw new IOException($"{path} is {FileEntry.Word(kind)}, not a file.");
        }
    }

    private static IOException Failure(string folder) =>
        new($"The folder '{folder}' could not be flushed to disk: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Renameat2(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fdatasync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
