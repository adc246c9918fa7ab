using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Cli.Demo;

/// <summary>The ends of a fleet's logs, for when its folder does not stay.</summary>
internal static class LogTails
{
    private const int Lines = 15;

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
            foreach (var line in LogFiles.Tail(path, Lines))
            {
                console.Say(line);
            }
        }
    }
}
