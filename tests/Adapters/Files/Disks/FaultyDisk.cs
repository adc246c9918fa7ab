using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Tests.Adapters.Files.Disks;

/// <summary>A disk that loses its power (or its room) at one of its steps: a write is torn there, and nothing happens any more.</summary>
internal sealed class FaultyDisk(IDisk inner, int failAt) : IDisk
{
    public int Steps { get; private set; }

    public FileKind Kind(string path) => inner.Kind(path);

    public void MakeFolder(string folder) => inner.MakeFolder(folder);

    public byte[]? Read(string path, int maxBytes) => inner.Read(path, maxBytes);

    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        if (Steps == failAt)
        {
            inner.Write(path, bytes[..(bytes.Length / 2)]);
        }

        Step();
        inner.Write(path, bytes);
    }

    public void Rename(string from, string to)
    {
        Step();
        inner.Rename(from, to);
    }

    public void Sync(string folder)
    {
        Step();
        inner.Sync(folder);
    }

    public void Delete(string path)
    {
        Step();
        inner.Delete(path);
    }

    public IReadOnlyList<string> List(string folder) => inner.List(folder);

    private void Step()
    {
        if (Steps++ >= failAt)
        {
            throw new IOException("No space left on device");
        }
    }
}
