using Harmony.Fleet.Cli.Outcomes;
using Harmony.Fleet.Contracts.Scores;

namespace Harmony.Fleet.Cli.Parsing;

/// <summary>A mount as <c>--volume</c> takes it: <c>/host/path:/path[:ro]</c> or <c>name:/path[:ro]</c>.</summary>
internal static class VolumeText
{
    private const string Rule = "write /path/on/device:/path or volume-name:/path, with :ro at the end to make it read-only";

    /// <summary>Parses <paramref name="text"/>.</summary>
    public static Outcome<VolumeMount> Parse(string text)
    {
        var parts = text.Split(':');
        if (parts.Length is < 2 or > 3 || (parts.Length == 3 && parts[2] is not ("ro" or "rw")) || parts[0].Length == 0 || !parts[1].StartsWith('/'))
        {
            return CliError.Usage($"--volume '{text}' is no volume", Rule);
        }

        var isPath = parts[0].StartsWith('/');
        return isPath || parts[0].IndexOfAny(['/', '~', '.']) != 0
            ? new VolumeMount
            {
                HostPath = isPath ? parts[0] : null,
                Volume = isPath ? null : parts[0],
                MountPath = parts[1],
                ReadOnly = parts.Length == 3 && parts[2] == "ro",
            }
            : CliError.Usage($"--volume '{text}' names no absolute path", Rule);
    }
}
