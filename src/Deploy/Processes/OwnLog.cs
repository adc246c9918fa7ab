using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Harmony.Fleet.Deploy.Processes;

/// <summary>The log that this process writes as its own stdout and stderr.</summary>
internal static partial class OwnLog
{
    /// <summary>Puts <paramref name="path"/> aside where it has grown large and is this process's own, which writes on in a new one: no line is lost between.</summary>
    public static void Rotate(string path)
    {
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length <= LogFiles.MaxBytes || new FileInfo("/proc/self/fd/1").LinkTarget != path)
            {
                return;
            }

            File.Move(path, LogFiles.Older(path), overwrite: true);
            using var fresh = File.OpenHandle(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            foreach (var stream in (int[])[1, 2])
            {
                if (Duplicate(fresh, stream) < 0)
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Tried again at the next look.
        }
    }

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(SafeFileHandle from, int to);
}
