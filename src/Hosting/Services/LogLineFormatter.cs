using System.Globalization;
using System.Text;
using Harmony.Fleet.Contracts.Texts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Harmony.Fleet.Hosting.Services;

/// <summary>
/// One line for each thing that is logged, whatever is in it. Reasons, names and errors are often text of others, of a device or a registry: what a terminal
/// would obey, or would not show, is escaped here, and what is long is cut, so that no part has to think of it.
/// </summary>
/// <param name="isJournal">Whether systemd's journal reads the lines: it wants their priority, and knows the time.</param>
/// <param name="time">The clock.</param>
internal sealed class LogLineFormatter(bool isJournal, TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>The formatter's name.</summary>
    public const string FormatterName = "fleet";

    private const string OriginalFormat = "{OriginalFormat}";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (message.Length > Printable.MaxValueLength && logEntry.State is IEnumerable<KeyValuePair<string, object?>> values)
        {
            message = Short(message, values.Where(value => value.Key != OriginalFormat).Select(value => value.Value as string));
        }

        textWriter.Write(Line(logEntry.LogLevel, logEntry.Category, logEntry.EventId.Id, message, logEntry.Exception is { } failure ? Short(failure.ToString(), Messages(failure)) : null));
    }

    private string Line(LogLevel level, string category, int id, params ReadOnlySpan<string?> texts)
    {
        var line = new StringBuilder(isJournal ? Priority(level) : string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Word(level)}: "))
            .Append(CultureInfo.InvariantCulture, $"{category}[{id}]");
        foreach (var text in texts)
        {
            line.Append(string.IsNullOrEmpty(text) ? string.Empty : " " + text);
        }

        return Printable.ShortLine(line.ToString()) + "\n";
    }

    /// <summary><paramref name="text"/> with what is long in it cut: one value must not push the others off the line.</summary>
    private static string Short(string text, IEnumerable<string?> values)
    {
        foreach (var value in values)
        {
            text = value?.Length > Printable.MaxValueLength ? text.Replace(value, Printable.Value(value), StringComparison.Ordinal) : text;
        }

        return text;
    }

    private static IEnumerable<string> Messages(Exception failure)
    {
        for (var one = failure; one is not null; one = one.InnerException)
        {
            yield return one.Message;
        }
    }

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
