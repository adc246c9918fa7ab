using System.Globalization;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Deploy.Processes;

/// <summary>A process that cannot be mistaken for a later one with the same number.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="StartTicks">When it started, in the kernel's ticks since boot.</param>
public sealed record ProcessIdentity(int Pid, long StartTicks)
{
    // Of proc(5), counted from the state that follows the name.
    private const int FieldsBeforeParent = 1;
    private const int FieldsBeforeStart = 19;

    /// <summary>This process.</summary>
    public static ProcessIdentity Self => Of(Environment.ProcessId) ?? throw new InvalidOperationException("/proc does not show this process.");

    /// <summary>Whether it still runs (a zombie does not).</summary>
    [JsonIgnore]
    public bool IsAlive => Of(Pid) == this;

    /// <summary>Whether it is stopped by a signal (SIGSTOP, Ctrl-Z) or a debugger: it does nothing until it goes on.</summary>
    [JsonIgnore]
    public bool IsStopped => Read(Pid) is { State: "T" or "t" } read && read.Identity == this;

    /// <summary>The process with this number; null where there is none.</summary>
    public static ProcessIdentity? Of(int pid) => Read(pid)?.Identity;

    /// <summary>The process that started it, or took it over when that one had ended; null where there is none to be seen.</summary>
    internal ProcessIdentity? Parent() => Read(Pid) is { } read && read.Identity == this ? Of(read.Parent) : null;

    private static (ProcessIdentity Identity, string State, int Parent)? Read(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");

            // The name stands in parentheses and may hold any character.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : (new(pid, Number(FieldsBeforeStart)), fields[0], (int)Number(FieldsBeforeParent));

            long Number(int at) => long.Parse(fields[at], CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
