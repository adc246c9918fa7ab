namespace Harmony.Fleet.Cli.Output;

/// <summary>How long ago something was, in two to four characters.</summary>
internal static class Age
{
    /// <summary>The time from <paramref name="then"/> to <paramref name="now"/>; <c>-</c> where it is unknown.</summary>
    public static string Of(DateTimeOffset? then, DateTimeOffset now) => then is { } known && known > DateTimeOffset.UnixEpoch ? Of(now - known) : "-";

    /// <summary>A span in its largest unit: <c>45s</c>, <c>12m</c>, <c>3h</c>, <c>2d</c>. One that is not positive is <c>0s</c>.</summary>
    public static string Of(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "0s",
        { TotalMinutes: < 1 } => $"{(int)span.TotalSeconds}s",
        { TotalHours: < 1 } => $"{(int)span.TotalMinutes}m",
        { TotalDays: < 1 } => $"{(int)span.TotalHours}h",
        _ => $"{(int)span.TotalDays}d",
    };
}
