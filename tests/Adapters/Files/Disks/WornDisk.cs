using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Tests.Adapters.Files.Disks;

/// <summary>A disk near its end: some files lie on bad sectors, or the kernel made all of it read-only.</summary>
internal sealed class WornDisk(IDisk inner) : IDisk
{
    /// <summary>The files that cannot be read.</summary>
    public HashSet<string> BadFiles { get; } = [];

    /// <summary>Whether nothing can be written.</summary>
    public bool IsReadOnly { get; init; }

    public FileKind Kind(string path) => inner.Kind(path);

    public void MakeFolder(string folder) => inner.MakeFolder(folder);

    public byte[]? Read(string path, int maxBytes) => BadFiles.Contains(path) ? throw new IOException("Input/output error") : inner.Read(path, maxBytes);

    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        DemandWritable();
        inner.Write(path, bytes);
    }

    public void Rename(string from, string to)
    {
        DemandWritable();
        inner.Rename(from, to);
    }

    public void Sync(string folder) => inner.Sync(folder);

    public void Delete(string path)
    {
        DemandWritable();
        inner.Delete(path);
    }

    public IReadOnlyList<string> List(string folder) => inner.List(folder);

    private void DemandWritable()
    {
        if (IsReadOnly)
        {
            throw new IOException("Read-only file system");
        }
    }
}
