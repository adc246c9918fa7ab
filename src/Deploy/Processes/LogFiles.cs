using System.Text;

namespace Harmony.Fleet.Deploy.Processes;

/// <summary>Log files: none is larger than it may be, and one older file stands beside each.</summary>
public static class LogFiles
{
    /// <summary>The most bytes of a log; one that would be larger is put aside, in the place of the one put aside before.</summary>
    public const long MaxBytes = 8 * 1024 * 1024;

    private const int TailBytes = 64 * 1024;

    private const int MaxLineLength = 300;

    // Two processes after one another may have the same log while the first still says its last.
    private static readonly Lock Writing = new();

    /// <summary>What a log is called that was put aside.</summary>
    public static string Older(string path) => path + ".1";

    /// <summary>The last lines that say something, over the one put aside too: the newest are often in a file that was just begun.</summary>
    public static IReadOnlyList<string> Tail(string path, int count)
    {
        var lines = Lines(path);
        return [.. (lines.Length < count ? [.. Lines(Older(path)), .. lines] : lines).TakeLast(count)];
    }

    /// <summary>The last line that says something; empty where there is none.</summary>
    public static string LastLine(string path)
    {
        var line = Tail(path, 1) is [var last] ? last : string.Empty;
        return line.Length <= MaxLineLength ? line : line[..MaxLineLength] + " ...";
    }

    /// <summary>Puts <paramref name="path"/> aside where it has grown large.</summary>
    internal static void Rotate(string path)
    {
        if (File.Exists(path) && new FileInfo(path).Length > MaxBytes)
        {
            File.Move(path, Older(path), overwrite: true);
        }
    }

    /// <summary>Has a log begin, or go on.</summary>
    internal static void Begin(string path)
    {
        lock (Writing)
        {
            Rotate(path);
            Open(path).Dispose();
        }
    }

    /// <summary>Writes <paramref name="lines"/> to the end of <paramref name="path"/>; puts aside first what would be too large with them.</summary>
    internal static void Append(string path, string lines)
    {
        if (lines.Length == 0)
        {
            return;
        }

        lock (Writing)
        {
            try
            {
                using var log = Open(path, Encoding.UTF8.GetByteCount(lines));
                log.Write(Encoding.UTF8.GetBytes(lines));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // A disk that is full, or a folder that was removed: what runs does not depend on it.
            }
        }
    }

    private static FileStream Open(string path, int more)
    {
        var log = Open(path);
        if (log.Length > 0 && log.Length + more > MaxBytes)
        {
            log.Dispose();
            File.Move(path, Older(path), overwrite: true);
            log = Open(path);
        }

        return log;
    }

    private static FileStream Open(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0,
    });

    private static string[] Lines(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(file.Length, TailBytes), SeekOrigin.End);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
