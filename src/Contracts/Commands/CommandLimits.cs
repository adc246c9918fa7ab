namespace Harmony.Fleet.Contracts.Commands;

/// <summary>Sizes, counts and times of commands that both sides hold to.</summary>
public static class CommandLimits
{
    /// <summary>The largest command, in bytes.</summary>
    public const int MaxCommandBytes = 4 * 1024;

    /// <summary>The most bytes of data in one frame.</summary>
    public const int MaxFrameDataBytes = 32 * 1024;

    /// <summary>The characters of a session's name.</summary>
    public const int SessionLength = 22;

    /// <summary>How many frames a device may send where the command does not say.</summary>
    public const int DefaultCredit = 64;

    /// <summary>The most frames that are granted ahead of what was read.</summary>
    public const int MaxCredit = 1024;

    /// <summary>The most sessions that a device answers at once.</summary>
    public const int MaxSessions = 16;

    /// <summary>The lines of a log where the request does not say how many.</summary>
    public const int DefaultTail = 100;

    /// <summary>The most lines of a log from before the request.</summary>
    public const int MaxTail = 10_000;

    /// <summary>How long a session lives after its command or its last <see cref="Verbs.Credit"/>: a caller that is gone ends it.</summary>
    public static TimeSpan Lease => TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a device that is <see cref="FrameKind.Ready"/> waits to be told to begin. A command that lay somewhere on its way finds nobody who still waits for
    /// it, and is dropped; no clock of either side is asked.
    /// </summary>
    public static TimeSpan BeginLimit => TimeSpan.FromSeconds(5);

    /// <summary>How often each side lets the other know that it is still there: the caller by credit, the device by an empty frame.</summary>
    public static TimeSpan KeepAlive => TimeSpan.FromSeconds(5);
}
