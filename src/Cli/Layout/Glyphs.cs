namespace Harmony.Fleet.Cli.Layout;

/// <summary>The signs that screens use beside letters: those of a terminal that shows Unicode, or plain ASCII.</summary>
/// <param name="Done">Before what is done.</param>
/// <param name="Failed">Before what failed.</param>
/// <param name="Stopped">Before what was given up.</param>
/// <param name="Note">Before what is said in between.</param>
/// <param name="Ellipsis">In place of what has no room.</param>
/// <param name="Spinner">Before what is being done, one after the other.</param>
internal sealed record Glyphs(string Done, string Failed, string Stopped, string Note, string Ellipsis, string Spinner)
{
    /// <summary>For terminals that show Unicode.</summary>
    public static Glyphs Unicode { get; } = new("✓", "✗", "-", "·", "…", "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏");

    /// <summary>For all others.</summary>
    public static Glyphs Ascii { get; } = new("+", "x", "-", "-", "...", "|/-\\");

    /// <summary>Those that the locale of <paramref name="environment"/> shows: POSIX' own (C, or none) is ASCII.</summary>
    public static Glyphs Of(Func<string, string?> environment)
    {
        string[] variables = ["LC_ALL", "LC_CTYPE", "LANG"];
        var locale = variables.Select(environment).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "C";
        return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase) ? Unicode : Ascii;
    }

    /// <summary>The spinner's sign after <paramref name="elapsed"/>.</summary>
    public string Spin(TimeSpan elapsed) => Spinner[(int)(elapsed.TotalMilliseconds / 100 % Spinner.Length)].ToString();
}
