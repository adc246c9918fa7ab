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
