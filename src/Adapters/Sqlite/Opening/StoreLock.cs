using System.Globalization;

namespace Harmony.Fleet.Adapters.Sqlite.Opening;

/// <summary>
/// Holds a store for one process: an exclusive lock on <c>file.lock</c>, which the kernel frees however the process ends.
/// Who holds it stands in <c>file.pid</c> beside it, since a locked file cannot be read.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    /// <summary>Linux' EAGAIN, which a lock that is held gives.</summary>
    private const int WouldBlock = 11;

    private readonly FileStream stream;

    private StoreLock(FileStream stream) => this.stream = stream;

    /// <summary>Takes the lock of the database at <paramref name="path"/>.</summary>
    /// <returns>The lock; null when another holds it, and then <paramref name="holder"/> says who.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no right to write in the folder.</exception>
    public static StoreLock? TryTake(string path, out string holder)
    {
        holder = string.Empty;
        FileStream file;
        try
        {
            file = OwnFiles.Open(path + ".lock", FileShare.None);
        }
        catch (IOException error) when (error.HResult == WouldBlock)
        {
            holder = Holder(path);
            return null;
        }

        OwnFiles.MakeFile(path + ".pid");
        File.WriteAllText(path + ".pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new StoreLock(file);
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private static string Holder(string path)
    {
        try
        {
            var text = File.ReadAllText(path + ".pid").Trim();
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? $"process {pid}" : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
