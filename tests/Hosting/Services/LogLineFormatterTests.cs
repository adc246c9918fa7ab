using Harmony.Fleet.Hosting.Services;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Hosting.Services;

public sealed class LogLineFormatterTests
{
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, 7, TimeSpan.Zero));

    [Theory]
    [InlineData(LogLevel.Information, "2026-11-26T12:00:00.007Z info: A.Part[2207] said\n", "<6>A.Part[2207] said\n")]
    [InlineData(LogLevel.Warning, "2026-11-26T12:00:00.007Z warn: A.Part[2207] said\n", "<4>A.Part[2207] said\n")]
    [InlineData(LogLevel.Error, "2026-11-26T12:00:00.007Z fail: A.Part[2207] said\n", "<3>A.Part[2207] said\n")]
    [InlineData(LogLevel.Critical, "2026-11-26T12:00:00.007Z crit: A.Part[2207] said\n", "<2>A.Part[2207] said\n")]
    public void Line_HasItsTime_OrItsPriorityForTheJournal(LogLevel level, string line, string journal)
    {
        Write("said", isJournal: false, level).ShouldBe(line);
        Write("said", isJournal: true, level).ShouldBe(journal);
    }

    [Theory]
    [InlineData("é, 日本 and 🙂 stay", "é, 日本 and 🙂 stay")]
    [InlineData("a\nb\r\nc\u2028d\te", "a b  c\\u2028d e")]
    [InlineData("w\u200deb", "w\\u200deb")]
    [InlineData("clear \u001b[2J\u001b]0;title\u0007", "clear \\u001b[2J\\u001b]0;title\\u0007")]
    [InlineData("\u0000\u007f\u009b31m", "\\u0000\\u007f\\u009b31m")]
    [InlineData("txt.\u202eexe\u200b\ufeff", "txt.\\u202eexe\\u200b\\ufeff")]
    [InlineData("\U000e0041", "\\U000e0041")]
    public void Text_OfOthers_CannotMoveACursorNorHide(string text, string shown)
    {
        Write(text, isJournal: false).ShouldEndWith($"[2207] {shown}\n");
        Write(text, isJournal: true).ShouldBe($"<6>A.Part[2207] {shown}\n");
        Write(string.Empty, isJournal: true, failure: new IOException(text)).ShouldBe($"<6>A.Part[2207] System.IO.IOException: {shown}\n");
    }

    /// <summary>One value must not push the others off the line.</summary>
    [Fact]
    public void Line_WithALongValue_CutsThatOne()
    {
        using var text = new StringWriter();
        var entry = new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(
            LogLevel.Warning, "A.Part", new EventId(7), [new("Device", new string('x', 3000)), new("Reason", "why"), new("{OriginalFormat}", "...")], null, (state, _) => $"{state[0].Value} said {state[1].Value}");
        new LogLineFormatter(isJournal: true, Time).Write(entry, null, text);
        text.ToString().ShouldBe($"<4>A.Part[7] {new string('x', 512)}...[2488 more] said why\n");
    }

    [Fact]
    public void Line_OfAnyLength_IsAtMost4KiB()
    {
        foreach (var line in (string[])[Write(new string('é', 100_000), isJournal: false), Write("it broke", isJournal: true, failure: new IOException("outside", Thrown(300)))])
        {
            System.Text.Encoding.UTF8.GetByteCount(line).ShouldBeLessThanOrEqualTo(4097);
            line.ShouldEndWith(" ...[more]\n");
            line.Count(character => character == '\n').ShouldBe(1);
        }
    }

    [Fact]
    public void Failure_WithALongMessage_IsToldWithItsType() =>
        Write("it broke", isJournal: true, failure: new IOException(new string('x', 100_000), new InvalidOperationException(new string('y', 513)))).ShouldBe(
            $"<6>A.Part[2207] it broke System.IO.IOException: {new string('x', 512)}...[99488 more]  ---> System.InvalidOperationException: {new string('y', 512)}...[1 more]    --- End of inner exception stack trace ---\n");

    [Fact]
    public void Services_LogByIt()
    {
        using var services = new ServiceCollection().AddLogging(ServiceHost.AddConsole).BuildServiceProvider();
        services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName.ShouldBe(LogLineFormatter.FormatterName);
        services.GetServices<ILoggerProvider>().ShouldHaveSingleItem().ShouldBeOfType<ConsoleLoggerProvider>();
        services.GetServices<ConsoleFormatter>().OfType<LogLineFormatter>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Services_DropLines_WhereNobodyReadsThem()
    {
        using var services = new ServiceCollection().AddLogging(ServiceHost.AddConsole).BuildServiceProvider();
        services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.QueueFullMode.ShouldBe(ConsoleLoggerQueueFullMode.DropWrite);
    }

    /// <summary>As deep as a stack may be.</summary>
    private static TimeoutException Thrown(int depth)
    {
        try
        {
            Deeper(depth);
            throw new InvalidOperationException("never");
        }
        catch (TimeoutException thrown)
        {
            return thrown;
        }

        static void Deeper(int left)
        {
            if (left == 0)
            {
                throw new TimeoutException("deep");
            }

            Deeper(left - 1);
        }
    }

    private static string Write(string message, bool isJournal, LogLevel level = LogLevel.Information, Exception? failure = null)
    {
        using var text = new StringWriter();
        var entry = new LogEntry<string>(level, "A.Part", new EventId(2207), message, failure, (state, _) => state);
        new LogLineFormatter(isJournal, Time).Write(entry, null, text);
        return text.ToString();
    }
}
