using System.Text;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Tests.Deploy.Processes;

public sealed class LogBudgetTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Lines_OfAQuietProcess_AreAllKept()
    {
        var budget = new LogBudget([]);
        Enumerable.Range(0, 900).ShouldAllBe(number => budget.Takes(Encoding.UTF8.GetBytes($"line {number} {new string('x', 100)}")));
        budget.Next(Now).ShouldBeEmpty();
    }

    [Fact]
    public void Lines_OfAFlood_AreKeptAtItsBeginAndItsEnd_AndCounted()
    {
        var budget = new LogBudget([]);
        var lines = Enumerable.Range(0, 100_000).Select(number => $"line {number} {new string('x', 100)}").ToArray();
        var head = lines.Where(line => budget.Takes(Encoding.UTF8.GetBytes(line))).ToArray();

        var rest = budget.Next(Now).Select(Encoding.UTF8.GetString).ToArray();

        head.ShouldBe(lines[..head.Length]);
        Bytes(head).ShouldBeInRange(LogBudget.HeadBytes - 200, LogBudget.HeadBytes);
        rest[1..].ShouldBe(lines[^(rest.Length - 1)..], "the newest");
        Bytes(rest[1..]).ShouldBeInRange(LogBudget.TailBytes - 200, LogBudget.TailBytes);
        rest[0].ShouldBe($"2026-11-27T03:00:00.000Z fleet: {100_000 - head.Length - rest.Length + 1} lines were left out");
        budget.Takes("the next"u8).ShouldBeTrue();
        budget.Next(Now).ShouldBeEmpty();
    }

    [Fact]
    public void Lines_ThatAreCounted_LeaveRoomForOthers()
    {
        var budget = new LogBudget(["authentication error", "Violation"]);
        var kept = Enumerable.Range(0, 50_000).Count(number => budget.Takes(Encoding.UTF8.GetBytes($"cid:{number} - authentication error")));

        kept.ShouldBe(LogBudget.Samples);
        budget.Takes("another thing"u8).ShouldBeTrue();
        budget.Next(Now).Select(Encoding.UTF8.GetString).ShouldBe(["2026-11-27T03:00:00.000Z fleet: 49995 more lines with \"authentication error\"; the last: cid:49999 - authentication error"]);
        budget.Takes("cid:1 - authentication error"u8).ShouldBeTrue("it counts anew");
        budget.Next(Now).ShouldBeEmpty();
    }

    /// <summary>An escape is six times as long as what it stands for.</summary>
    [Theory]
    [InlineData("\e")]
    [InlineData("\u0085")]
    [InlineData("\u202e")]
    [InlineData("\U000e0041")]
    public void Lines_OfWhatMustBeEscaped_AreCountedAsTheyAreWritten(string text)
    {
        var budget = new LogBudget([]);
        var line = string.Concat(Enumerable.Repeat(text, 300));
        var written = Enumerable.Range(0, 1000).Where(_ => budget.Takes(Encoding.UTF8.GetBytes(line))).Sum(_ => Encoding.UTF8.GetByteCount(Harmony.Fleet.Contracts.Texts.Printable.ShortLine(line)) + 1);

        written.ShouldBeInRange(1, LogBudget.HeadBytes);
    }

    private static int Bytes(IEnumerable<string> lines) => lines.Sum(line => Encoding.UTF8.GetByteCount(line) + 1);
}
