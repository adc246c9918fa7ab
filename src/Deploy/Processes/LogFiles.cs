namespace Harmony.Fleet.Deploy.Processes;

/// <summary>The log files of child processes.</summary>
internal static class LogFiles
{
    /// <summary>A log that is larger is put aside; the one put aside before goes.</summary>
    public const long MaxBytes = 16 * 1024 * 1024;

    private const int TailBytes = 8 * 1024;

    private const int MaxLineLength = 300;

    /// <summary>Puts <paramref name="path"/> aside where it has grown large.</summary>
    public static void Rotate(string path)
    {
        if (File.Exists(path) && new FileInfo(path).Length > MaxBytes)
        {
            File.Move(path, path + ".1", overwrite: true);
        }
    }

    /// <summary>Puts aside what a process wrote to <paramref name="path"/> so far, where that has grown large; it goes on writing there.</summary>
    public static void RotateUnderWriter(string path)
    {
        try
        {
            if (File.Exists(path) && new FileInfo(path).Length > MaxBytes)
            {
                File.Copy(path, path + ".1", overwrite: true);

                // It writes at the end, wherever that is: the file must stay the same.
                using var log = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
                log.SetLength(0);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Tried again at the next look; a disk that is full has no room for a copy.
        }
    }

    /// <summary>The last line that says something; empty where there is none.</summary>
    public static string LastLine(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(file.Length, TailBytes), SeekOrigin.End);
            using var reader = new StreamReader(file);
            var line = reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? string.Empty;
            return line.Length <= MaxLineLength ? line : line[..MaxLineLength] + " ...";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
