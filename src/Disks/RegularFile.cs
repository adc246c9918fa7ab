using Microsoft.Win32.SafeHandles;

namespace Harmony.Fleet.Disks;

/// <summary>
/// Files that somebody else wrote. They are read only where they are files, for whoever opens a pipe waits until somebody writes into it; and never
/// more of them than is sensible.
/// </summary>
public static class RegularFile
{
    /// <summary>What is asked for first: files of the kernel do not say how long they are.</summary>
    private const int FirstBytes = 4096;

    /// <summary>What is in the file at <paramref name="path"/>; of one that is too large just one byte more than <paramref name="maxBytes"/>.</summary>
    /// <exception cref="NoFileException">It is something else.</exception>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static byte[] Read(string path, int maxBytes)
    {
        using var file = Open(path);
        var bytes = new byte[Math.Min(Math.Max(RandomAccess.GetLength(file), FirstBytes), maxBytes) + 1];
        var read = 0;
        while (RandomAccess.Read(file, bytes.AsSpan(read), read) is > 0 and var count)
        {
            read += count;
            if (read > maxBytes)
            {
                break;
            }

            if (read == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(2L * read, maxBytes + 1L));
            }
        }

        return bytes[..read];
    }

    /// <summary>Looks whether what is at <paramref name="path"/>, if anything is, is a file.</summary>
    /// <exception cref="NoFileException">It is something else.</exception>
    public static void Demand(string path)
    {
        if (FileEntry.At(path, follow: true).Kind is not (FileKind.None or FileKind.File) and var kind)
        {
            throw new NoFileException(kind);
        }
    }

    private static SafeFileHandle Open(string path)
    {
        Demand(path);
        return File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete); // Any other sharing asks for a lock.
    }
}

/// <summary>Where a file should be there is something else. The message says what, and completes <c>... cannot be read: </c>.</summary>
public sealed class NoFileException : IOException
{
    /// <summary>There is something else than a file.</summary>
    public NoFileException(FileKind kind)
        : base($"it is {FileEntry.Word(kind)}, not a file.")
    {
    }

    /// <summary>There is something else than a file.</summary>
    public NoFileException()
        : this("it is not a file.")
    {
    }

    /// <summary>There is something else than a file.</summary>
    public NoFileException(string message)
        : base(message)
    {
    }

    /// <summary>There is something else than a file.</summary>
    public NoFileException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
