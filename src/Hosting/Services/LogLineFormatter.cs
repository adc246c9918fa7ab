using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Harmony.Fleet.Hosting.Services;

/// <summary>
/// One line for each thing that is logged, whatever is in it. Reasons, names and errors are often text of others, of a device or a registry: what a terminal
/// would obey, or would not show, is escaped here, so that no part has to think of it.
/// </summary>
/// <param name="isJournal">Whether systemd's journal reads the lines: it wants their priority, and knows the time.</param>
/// <param name="time">The clock.</param>
internal sealed class LogLineFormatter(bool isJournal, TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>The formatter's name.</summary>
    public const string FormatterName = "fleet";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter) => textWriter.Write(
        Line(logEntry.LogLevel, logEntry.Category, logEntry.EventId.Id, logEntry.Formatter(logEntry.State, logEntry.Exception), logEntry.Exception?.ToString()));

    /// <summary><paramref name="text"/> on one line, and nothing in it that is not seen.</summary>
    public static string Escaped(string text)
    {
        if (Ascii.IsValid(text) && !text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.AsSpan().Contains('\x7f'))
        {
            return text;
        }

        var line = new StringBuilder(text.Length);
        foreach (var rune in text.ReplaceLineEndings(" ").EnumerateRunes())
        {
            _ = rune.Value == '\t' ? line.Append(' ')
                : IsHidden(rune) ? line.Append(CultureInfo.InvariantCulture, $"{(rune.IsBmp ? "\\u" : "\\U")}{rune.Value.ToString(rune.IsBmp ? "x4" : "x8", CultureInfo.InvariantCulture)}")
                : line.Append(rune);
        }

        return line.ToString();
    }

    private string Line(LogLevel level, string category, int id, params ReadOnlySpan<string?> texts)
    {
        var line = new StringBuilder(isJournal ? Priority(level) : string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Word(level)}: "))
            .Append(CultureInfo.InvariantCulture, $"{category}[{id}]");
        foreach (var text in texts)
        {
            line.Append(string.IsNullOrEmpty(text) ? string.Empty : " " + Escaped(text));
        }

        return line.Append('\n').ToString();
    }

    private static bool IsHidden(Rune rune) => rune.Value is not (0x200c or 0x200d)
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };

    /// <summary>As syslog counts.</summary>
    private static string Priority(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "<7>",
        LogLevel.Information => "<6>",
        LogLevel.Warning => "<4>",
        LogLevel.Error => "<3>",
        _ => "<2>",
    };
}
