using System.Collections.Immutable;
using System.Globalization;

namespace Harmony.Fleet.Deploy.Processes;

/// <summary>A process with the words that it was started with.</summary>
/// <param name="Identity">Which it is.</param>
/// <param name="Words">Its command line; empty for what is not ours to read, and for the kernel's own.</param>
internal sealed record RunningProcess(ProcessIdentity Identity, ImmutableArray<string> Words);

/// <summary>
/// The processes that count as this one does: those of a container that numbers its own (a PID namespace) look the same from the host, their users and the paths in their
/// words among it, and have nothing to do with what is here.
/// </summary>
internal static class ProcessTable
{
    private static readonly string? Own = Namespace("self");

    /// <summary>All of them, by their number.</summary>
    public static IEnumerable<RunningProcess> All()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && IsHere(pid)
                && ProcessIdentity.Of(pid) is { } identity)
            {
                yield return new RunningProcess(identity, WordsOf(folder));
            }
        }
    }

    /// <summary>Whether the process is none of a container with numbers of its own.</summary>
    public static bool IsHere(int pid) => Namespace(pid.ToString(CultureInfo.InvariantCulture)) == Own;

    /// <summary>What a process has open, by its path: as the kernel names it, of what was removed with <c> (deleted)</c> behind it.</summary>
    public static ImmutableArray<string> OpenFiles(int pid)
    {
        try
        {
            return [.. new DirectoryInfo($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/fd").EnumerateFileSystemInfos().Select(entry => entry.LinkTarget).OfType<string>()];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return []; // It has ended, or is nobody's business.
        }
    }

    private static string? Namespace(string process) => new FileInfo($"/proc/{process}/ns/pid").LinkTarget;

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
