namespace Harmony.Fleet.Cli.Output;

/// <summary>How long ago something was, in a few characters, as Kubernetes' tools write it.</summary>
internal static class Age
{
    /// <summary>The time from <paramref name="then"/> to <paramref name="now"/>; <c>-</c> where it is unknown.</summary>
    public static string Of(DateTimeOffset? then, DateTimeOffset now) => then is { } known && known > DateTimeOffset.UnixEpoch ? Of(now - known) : "-";

    /// <summary>A span: <c>12s</c>, <c>5m30s</c>, <c>2h</c>, <c>3d4h</c>, <c>400d</c>. One that is not positive is <c>0s</c>.</summary>
    public static string Of(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "0s",
        { TotalMinutes: < 2 } => $"{(int)span.TotalSeconds}s",
        { TotalMinutes: < 10 } => Two((int)span.TotalMinutes, 'm', span.Seconds, 's'),
        { TotalHours: < 3 } => $"{(int)span.TotalMinutes}m",
        { TotalHours: < 8 } => Two((int)span.TotalHours, 'h', span.Minutes, 'm'),
        { TotalDays: < 2 } => $"{(int)span.TotalHours}h",
        { TotalDays: < 8 } => Two((int)span.TotalDays, 'd', span.Hours, 'h'),
        _ => $"{(int)span.TotalDays}d",
    };

    private static string Two(int large, char largeUnit, int small, char smallUnit) =>
        small == 0 ? $"{large}{largeUnit}" : $"{large}{largeUnit}{small}{smallUnit}";
}
