using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Hosting;

/// <summary>What the program's exit codes mean. Documented in docs/cli.md; scripts depend on them.</summary>
internal static class ExitCode
{
    /// <summary>What was asked for is done.</summary>
    public const int Done = 0;

    /// <summary>It could not be done; stderr says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a file is wrong; nothing was sent.</summary>
    public const int Usage = 2;

    /// <summary>There is no such resource, device or key.</summary>
    public const int NotFound = 3;

    /// <summary>It did not happen within the time given.</summary>
    public const int TimedOut = 4;

    /// <summary>It exists already, or was changed by somebody else in between.</summary>
    public const int Conflict = 5;

    /// <summary>The operator, the bus or the device cannot be reached.</summary>
    public const int Unreachable = 6;

    /// <summary>The token is missing or wrong.</summary>
    public const int NotAuthorised = 7;

    /// <summary>Ended by Ctrl-C, SIGTERM or the end of its terminal.</summary>
    public const int Interrupted = 130;

    /// <summary>The code of a command that failed so.</summary>
    public static int Of(FaultKind kind) => kind switch
    {
        FaultKind.Invalid => Usage,
        FaultKind.NotFound => NotFound,
        FaultKind.TimedOut => TimedOut,
        FaultKind.Conflict => Conflict,
        FaultKind.Unreachable => Unreachable,
        FaultKind.NotAllowed => NotAuthorised,
        _ => Failed,
    };
}
