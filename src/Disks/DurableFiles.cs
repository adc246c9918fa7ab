namespace Harmony.Fleet.Disks;

/// <summary>Files that are always whole: the old bytes or the new ones, whenever the power goes.</summary>
public sealed class DurableFiles(IDisk disk)
{
    private const string NewSuffix = ".new";

    /// <summary>Puts <paramref name="bytes"/> in the place of what the file held.</summary>
    public void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        disk.Write(path + NewSuffix, bytes);
        disk.Rename(path + NewSuffix, path);
        disk.Sync(Path.GetDirectoryName(path)!);
    }
}

/// <summary>The steps of which durable files are made. Each may fail, and after each the power may go.</summary>
public interface IDisk
{
    /// <summary>Makes the folder, for this user alone, where it is missing.</summary>
    /// <exception cref="IOException">It cannot be made; the message says what is in its way.</exception>
    void MakeFolder(string folder);

    /// <summary>A file's bytes, and of one that is too large just one more than <paramref name="maxBytes"/>; null when there is no such file.</summary>
    /// <exception cref="NoFileException">There is something else.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    byte[]? Read(string path, int maxBytes);

    /// <summary>Writes a file from its beginning, and returns when the bytes are on the disk.</summary>
    void Write(string path, ReadOnlySpan<byte> bytes);

    /// <summary>Puts a file in another's place.</summary>
    void Rename(string from, string to);

    /// <summary>Returns when the folder's entries are on the disk.</summary>
    void Sync(string folder);

    /// <summary>Removes a file, if it is there.</summary>
    void Delete(string path);

    /// <summary>The names of the files in a folder.</summary>
    IReadOnlyList<string> List(string folder);
}
