using System.Globalization;

namespace Harmony.Fleet.Disks;

/// <summary>Files that are always whole: the old bytes or the new ones, whenever the power goes.</summary>
public sealed class DurableFiles(IDisk disk)
{
    /// <summary>Behind a file's name: the bytes that are to take its place.</summary>
    public const string NewSuffix = ".new";

    private const string AsideSuffix = ".corrupt";
    private const int MaxAsides = 9;

    /// <summary>Puts <paramref name="bytes"/> in the place of what the file held.</summary>
    public void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        disk.Write(path + NewSuffix, bytes);
        disk.Rename(path + NewSuffix, path);
        disk.Sync(Path.GetDirectoryName(path)!);
    }

    /// <summary>Puts what is at <paramref name="path"/> out of the way, whatever it is, for people to look at.</summary>
    /// <returns>Where it is now: <see cref="AsideOf"/>, or where something else is in its place a path beside it.</returns>
    /// <exception cref="IOException">It cannot be moved.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not move it.</exception>
    public string PutAside(string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            var aside = attempt == 1 ? AsideOf(path) : string.Create(CultureInfo.InvariantCulture, $"{AsideOf(path)}-{attempt}");
            try
            {
                disk.Rename(path, aside);
                return aside;
            }
            catch (IOException) when (attempt < MaxAsides && disk.Kind(aside) != FileKind.None)
            {
                // Of a folder and a file neither takes the other's place.
            }
        }
    }

    /// <summary>Where what is at <paramref name="path"/> is put first.</summary>
    public static string AsideOf(string path) => path + AsideSuffix;
}

/// <summary>The steps of which durable files are made. Each may fail, and after each the power may go.</summary>
public interface IDisk
{
    /// <summary>What is at a path, behind a link too.</summary>
    FileKind Kind(string path);

    /// <summary>Makes the folder, for this user alone, where it is missing.</summary>
    /// <exception cref="IOException">It cannot be made; the message says what is in its way.</exception>
    void MakeFolder(string folder);

    /// <summary>A file's bytes, and of one that is too large just one more than <paramref name="maxBytes"/>; null when there is no such file.</summary>
    /// <exception cref="NoFileException">There is something else.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    byte[]? Read(string path, int maxBytes);

    /// <summary>Writes a file from its beginning, and returns when the bytes are on the disk.</summary>
    void Write(string path, ReadOnlySpan<byte> bytes);

    /// <summary>Puts a file in another's place; or what else it is where nothing is.</summary>
    void Rename(string from, string to);

    /// <summary>Returns when the folder's entries are on the disk.</summary>
    void Sync(string folder);

    /// <summary>Removes a file, if it is there.</summary>
    void Delete(string path);

    /// <summary>The names of the files in a folder.</summary>
    IReadOnlyList<string> List(string folder);
}
