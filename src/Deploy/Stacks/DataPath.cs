using System.Text;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>What a data folder's path may be. Told before anything is made: the programs of a fleet would fail over it one by one, and late.</summary>
public static class DataPath
{
    /// <summary>The longest path, in bytes: what is kept below it has names of up to 2,000 bytes more, and the kernel takes 4,096.</summary>
    public const int MaxBytes = 1024;

    private const string Advice = "choose another data folder: --data DIR";

    /// <summary>Why the programs of a fleet cannot work in <paramref name="path"/>; null where they can.</summary>
    public static Fault? Refusal(string path)
    {
        if (!Path.IsPathRooted(path))
        {
            return Fault.Invalid($"the data folder {path} is not an absolute path", Advice);
        }

        // The kernel's mounts and podman's options are told apart by these.
        if (path.IndexOfAny([':', ',', '\\']) is >= 0 and var at)
        {
            return Fault.Invalid($"the data folder {path} has a '{path[at]}' in its path, which podman cannot take", Advice);
        }

        if (path.Any(char.IsControl))
        {
            return Fault.Invalid("the data folder has a line break or another control character in its path", Advice);
        }

        // What is no UTF-8 arrives as U+FFFD, and would name another folder.
        if (!IsText(path))
        {
            return Fault.Invalid("the data folder's path is no valid UTF-8", Advice);
        }

        return Encoding.UTF8.GetByteCount(path) > MaxBytes
            ? Fault.Invalid($"the data folder's path is longer than {MaxBytes} bytes", Advice)
            : null;
    }

    private static bool IsText(string path)
    {
        foreach (var rune in path.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar)
            {
                return false;
            }
        }

        return true;
    }
}
