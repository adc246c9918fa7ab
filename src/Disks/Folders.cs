namespace Harmony.Fleet.Disks;

/// <summary>Folders that programs make for themselves, and what is in their way.</summary>
public static class Folders
{
    /// <summary>Makes <paramref name="folder"/>, for this user alone, where it is missing.</summary>
    /// <exception cref="IOException">It cannot be made; the message says what is in its way.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not make it.</exception>
    public static void Make(string folder)
    {
        var existing = Existing(folder);
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            // What the file systems of the kernel say.
            throw new IOException($"no folder can be made in {existing}.", error);
        }
    }

    /// <summary><paramref name="folder"/>; where it is yet to be made, the nearest above it that is there.</summary>
    /// <exception cref="IOException">Something else is in its place, or in that of one above it.</exception>
    public static string Existing(string folder)
    {
        for (var at = folder; ; at = Path.GetDirectoryName(at) ?? "/")
        {
            switch (FileEntry.At(at, follow: true).Kind)
            {
                case FileKind.Folder:
                    return at;
                case FileKind.None when FileEntry.At(at).Kind == FileKind.Link:
                    throw new IOException($"{at} is a link that leads nowhere.");
                case FileKind.None:
                    break;
                case var kind:
                    throw new IOException($"{at} is {FileEntry.Word(kind)}, not a folder.");
            }
        }
    }
}
