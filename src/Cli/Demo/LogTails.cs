using Harmony.Fleet.Cli.Hosting;

namespace Harmony.Fleet.Cli.Demo;

/// <summary>The ends of a fleet's logs, for when its folder does not stay.</summary>
internal static class LogTails
{
    private const int Lines = 15;

    private const long MaxBytes = 64 * 1024;

    /// <summary>Writes the last lines of each log of <paramref name="dataFolder"/> to stderr.</summary>
    public static void Write(CliConsole console, string dataFolder)
    {
        var folder = Path.Combine(dataFolder, "logs");
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var path in Directory.EnumerateFiles(folder, "*.log").Order(StringComparer.Ordinal))
        {
            console.Say($"--- the end of {Path.GetFileName(path)}");
            foreach (var line in Tail(path))
            {
                console.Say(line);
            }
        }
    }

    private static IEnumerable<string> Tail(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(-Math.Min(file.Length, MaxBytes), SeekOrigin.End);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(Lines);
    }
}
