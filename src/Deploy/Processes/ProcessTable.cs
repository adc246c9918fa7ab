using System.Collections.Immutable;
using System.Globalization;

namespace Harmony.Fleet.Deploy.Processes;

/// <summary>A process with the words that it was started with.</summary>
/// <param name="Identity">Which it is.</param>
/// <param name="Words">Its command line; empty for what is not ours to read, and for the kernel's own.</param>
internal sealed record RunningProcess(ProcessIdentity Identity, ImmutableArray<string> Words);

/// <summary>The processes of this machine.</summary>
internal static class ProcessTable
{
    /// <summary>All of them, by their number.</summary>
    public static IEnumerable<RunningProcess> All()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && ProcessIdentity.Of(pid) is { } identity)
            {
                yield return new RunningProcess(identity, WordsOf(folder));
            }
        }
    }

    private static ImmutableArray<string> WordsOf(string folder)
    {
        try
        {
            return [.. File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return []; // It has ended, or is nobody's business.
        }
    }
}
