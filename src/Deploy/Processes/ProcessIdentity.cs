using System.Globalization;

namespace Harmony.Fleet.Deploy.Processes;

/// <summary>A process that cannot be mistaken for a later one with the same number.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="StartTicks">When it started, in the kernel's ticks since boot.</param>
public sealed record ProcessIdentity(int Pid, long StartTicks)
{
    private const int FieldsBeforeStart = 19; // of proc(5), counted from the state that follows the name

    /// <summary>This process.</summary>
    public static ProcessIdentity Self => Of(Environment.ProcessId) ?? throw new InvalidOperationException("/proc does not show this process.");

    /// <summary>Whether it still runs (a zombie does not).</summary>
    public bool IsAlive => Of(Pid) == this;

    /// <summary>The process with this number; null where there is none.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");

            // The name stands in parentheses and may hold any character.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : new(pid, long.Parse(fields[FieldsBeforeStart], CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
