using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;

namespace Harmony.Fleet.Cli.Local;

/// <summary>Where a stack on this machine keeps everything.</summary>
internal static class DataFolder
{
    /// <summary>The variable that names it.</summary>
    public const string Variable = "HARMONY_FLEET_DATA";

    /// <summary>
    /// The folder: <paramref name="option"/>, or the variable, or <c>${XDG_DATA_HOME:-~/.local/share}/harmony-fleet</c>. Without links in its path: it is the
    /// same fleet by whichever way it is named, and the kernel names mounts and processes so.
    /// </summary>
    public static Outcome<string> Locate(CliHost host, string? option)
    {
        var named = Named(host, option);
        return named.IsOk ? host.Console.KeepWhole(RealPath.Of(named.Value)) : named.Fault;
    }

    /// <summary>Whether neither <paramref name="option"/> nor the variable names the folder: then it is found in every terminal.</summary>
    public static bool IsBuiltIn(CliHost host, string? option) => FirstSet(option, host.Environment(Variable)) is null;

    private static Outcome<string> Named(CliHost host, string? option)
    {
        // Nothing is no folder: `--data "$UNSET"` must not mean the usual one.
        if (option is { Length: 0 })
        {
            return Fault.Invalid("--data names no folder", "name one, or leave --data out for the usual one");
        }

        if (FirstSet(option, host.Environment(Variable)) is { } named)
        {
            return host.FullPath(named);
        }

        // The XDG rule: a relative path there is to be ignored.
        var shared = host.Environment("XDG_DATA_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg) ? xdg : null;
        if (shared is null && host.Environment("HOME") is { Length: > 0 } home)
        {
            shared = Path.Combine(home, ".local", "share");
        }

        return shared is null
            ? Fault.Invalid("no data folder is known, because HOME is not set", "name one with --data")
            : Path.Combine(shared, "harmony-fleet");
    }

    private static string? FirstSet(params ReadOnlySpan<string?> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (!string.IsNullOrEmpty(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
