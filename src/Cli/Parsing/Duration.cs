using System.CommandLine;
using System.Globalization;

namespace Harmony.Fleet.Cli.Parsing;

/// <summary>Spans of time as people write them: <c>60s</c>, <c>2m</c>, <c>1h30m</c>, <c>500ms</c>.</summary>
internal static class Duration
{
    /// <summary>How a span is written.</summary>
    public const string Rule = "write it like 60s, 2m, 1h30m or 500ms";

    /// <summary>Whatever the unit, so many digits overflow nothing.</summary>
    private const int MaxDigits = 8;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("h", 3600), ("m", 60), ("s", 1)];

    /// <summary>Parses <paramref name="text"/>; at most a year.</summary>
    public static bool TryParse(string text, out TimeSpan span)
    {
        span = TimeSpan.Zero;
        var rest = text.AsSpan();
        while (!rest.IsEmpty && span <= Longest)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > MaxDigits || !TryUnit(rest[digits..], out var unit))
            {
                return false;
            }

            span += TimeSpan.FromSeconds(long.Parse(rest[..digits], CultureInfo.InvariantCulture) * unit.Seconds);
            rest = rest[(digits + unit.Unit.Length)..];
        }

        return text.Length > 0 && span <= Longest;
    }

    /// <summary>An option that takes a span.</summary>
    public static Option<TimeSpan> Option(string name, string description, TimeSpan standard) => new(name)
    {
        Description = $"{description} Default: {Text(standard)}.",
        HelpName = "TIME",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            if (!TryParse(result.Tokens[0].Value, out var span))
            {
                result.AddError($"{name} '{result.Tokens[0].Value}' is no time: {Rule}");
            }

            return span;
        },
    };

    /// <summary>The shortest text of a span.</summary>
    public static string Text(TimeSpan span)
    {
        var text = $"{((int)span.TotalHours > 0 ? $"{(int)span.TotalHours}h" : string.Empty)}{(span.Minutes > 0 ? $"{span.Minutes}m" : string.Empty)}";
        text += span.Seconds > 0 ? $"{span.Seconds}s" : string.Empty;
        text += span.Milliseconds > 0 ? $"{span.Milliseconds}ms" : string.Empty;
        return text.Length == 0 ? "0s" : text;
    }

    private static bool TryUnit(ReadOnlySpan<char> text, out (string Unit, double Seconds) found)
    {
        foreach (var unit in Units)
        {
            if (text.StartsWith(unit.Unit, StringComparison.Ordinal))
            {
                found = unit;
                return true;
            }
        }

        found = default;
        return false;
    }
}
