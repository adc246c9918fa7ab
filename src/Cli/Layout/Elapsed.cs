using System.Globalization;

namespace Harmony.Fleet.Cli.Layout;

/// <summary>How long something took, as people say it.</summary>
internal static class Elapsed
{
    /// <summary>The most columns that it usually takes: <c>59 min 59 s</c>.</summary>
    public const int Width = 11;

    /// <summary>A span: <c>3.1 s</c>, <c>1 min 12 s</c>, <c>2 h 5 min</c>.</summary>
    public static string Text(TimeSpan span) => span switch
    {
        // Never "60.0 s": what would round up to it is a minute already.
        { TotalSeconds: < 59.95 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, span.TotalSeconds):0.0} s"),
        { TotalSeconds: < 60 } => "1 min 0 s",
        { TotalHours: < 1 } => $"{(int)span.TotalMinutes} min {span.Seconds} s",
        _ => $"{(int)span.TotalHours} h {span.Minutes} min",
    };
}
