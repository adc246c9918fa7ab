namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>How people are told that containers are waited for.</summary>
public static class StopNotice
{
    /// <summary>How many, for how long, and what ends the wait.</summary>
    public static string Sentence(int containers, TimeSpan longest, string command) =>
        $"{(containers == 1 ? "1 container" : $"{containers} containers")} may take up to {Words(longest)} to end: {command} kills what has not ended";

    /// <summary>A time for people, in whole seconds: <c>4 min 5 s</c>.</summary>
    public static string Words(TimeSpan time)
    {
        var seconds = (long)Math.Ceiling(time.TotalSeconds);
        return seconds < 60 ? $"{seconds} s" : $"{seconds / 60} min {seconds % 60} s";
    }
}
