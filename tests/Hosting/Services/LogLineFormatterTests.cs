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
    [InlineData("a\nb\r\nc\u2028d\te", "a b c d e")]
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

    [Fact]
    public void Services_LogByIt()
    {
        using var services = new ServiceCollection().AddLogging(ServiceHost.AddConsole).BuildServiceProvider();
        services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName.ShouldBe(LogLineFormatter.FormatterName);
        services.GetServices<ILoggerProvider>().ShouldHaveSingleItem().ShouldBeOfType<ConsoleLoggerProvider>();
        services.GetServices<ConsoleFormatter>().OfType<LogLineFormatter>().ShouldHaveSingleItem();
    }

    private static string Write(string message, bool isJournal, LogLevel level = LogLevel.Information, Exception? failure = null)
    {
        using var text = new StringWriter();
        var entry = new LogEntry<string>(level, "A.Part", new EventId(2207), message, failure, (state, _) => state);
        new LogLineFormatter(isJournal, Time).Write(entry, null, text);
        return text.ToString();
    }
}
