using System.Globalization;
using Harmony.Fleet.Operator.Api;
using Harmony.Fleet.Operator.Options;

namespace Harmony.Fleet.Operator.Hosting;

/// <summary>How many files this process may have open, of which each connection is one: where they are used up no connection is accepted, and no file of the store opened either.</summary>
internal static partial class OpenFiles
{
    /// <summary>So many are for everything else: the store, the bus, and connections beyond the most.</summary>
    public const int Others = 256 + ConnectionGate.Spare + ConnectionGate.MostEnding;

    /// <summary>No fewer connections are taken, however few files there may be.</summary>
    public const int Fewest = 16;

    private const string Limits = "/proc/self/limits";
    private const string Name = "Max open files";

    /// <summary><paramref name="options"/>, with no more connections than files may be open.</summary>
    public static OperatorOptions Bound(OperatorOptions options) => options with { MaxConnections = Bound(options.MaxConnections, File.Exists(Limits) ? File.ReadAllText(Limits) : string.Empty) };

    /// <summary>How many of <paramref name="connections"/> there may be by <paramref name="limits"/>, which is what the kernel says of a process.</summary>
    public static int Bound(int connections, string limits) => Of(limits) is { } files ? Math.Min(connections, Math.Max(Fewest, files - Others)) : connections;

    /// <summary>Tells of it where they are fewer than was <paramref name="wanted"/>.</summary>
    public static void Tell(int wanted, int taken, ILogger logger)
    {
        if (taken < wanted)
        {
            LogBound(logger, wanted, taken);
        }
    }

    /// <summary>The soft limit, which the runtime has raised to the hard one; null where there is none, or it is not known.</summary>
    private static int? Of(string limits) =>
        limits.Split('\n').FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) is { } line
        && line[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]
        && int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var files)
            ? files
            : null;

    [LoggerMessage(2506, LogLevel.Warning, "The API takes {Taken} connections at once, and not {Wanted} (maxConnections): the process may not have more files open; raise its limit (LimitNOFILE= of the service, ulimit -n)")]
    private static partial void LogBound(ILogger logger, int wanted, int taken);
}
