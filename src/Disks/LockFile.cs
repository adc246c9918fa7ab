using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Harmony.Fleet.Disks;

/// <summary>A file that one process at a time holds. The kernel frees it when its holder ends, however that comes; its number stands in the file.</summary>
public sealed class LockFile : IDisposable
{
    internal const int WouldBlock = 11; // EWOULDBLOCK: somebody holds it.

    private const int Attempts = 100;

    private const string Unknown = "another process";

    private readonly FileStream held;

    private LockFile(FileStream held) => this.held = held;

    /// <summary>Takes the lock at <paramref name="path"/>; the file is made where there is none, for this user alone.</summary>
    /// <returns>It; null when somebody holds it.</returns>
    /// <exception cref="IOException">The file cannot be used, or is none.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it.</exception>
    public static LockFile? TryTake(string path)
    {
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                RegularFile.Demand(path);
                var file = Open(path);
                if (IsAt(file, path))
                {
                    Sign(file);
                    return new LockFile(file);
                }

                file.Dispose(); // Its holder removed it, between the opening here and the lock: whoever comes next would make and lock another one.
            }

            return null;
        }
        catch (IOException refused) when ((refused.HResult & 0xffff) == WouldBlock)
        {
            return null;
        }
    }

    /// <summary>Who holds the lock at <paramref name="path"/>, in words.</summary>
    public static string Holder(string path)
    {
        if (FileEntry.At(path, follow: true).Kind != FileKind.File)
        {
            return Unknown;
        }

        // .NET's own way to open a file asks for a lock of it.
        using var file = new SafeFileHandle(PosixDisk.OpenToRead(path), ownsHandle: true);
        Span<byte> text = stackalloc byte[16];
        var read = file.IsInvalid ? 0 : RandomAccess.Read(file, text, 0);
        return int.TryParse(text[..(text[..read].IndexOf((byte)'\n') is >= 0 and var end ? end : read)], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            ? $"process {pid}"
            : Unknown;
    }

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();

    private static FileStream Open(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        Share = FileShare.None,
        BufferSize = 0,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });

    private static bool IsAt(FileStream file, string path)
    {
        try
        {
            return FileIdentity.At(path) == FileFacts.Of(file.SafeFileHandle).Identity;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void Sign(FileStream file)
    {
        try
        {
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n")));
        }
        catch (IOException)
        {
            // The disk is full: the lock holds all the same, and nobody learns whose it is.
        }
    }
}
