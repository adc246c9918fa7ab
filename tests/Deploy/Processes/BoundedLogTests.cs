using System.Text;
using Harmony.Fleet.Contracts.Texts;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Deploy.Processes;

public sealed class BoundedLogTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new();
    private readonly BoundedLog log;

    public BoundedLogTests() => log = new BoundedLog(Path, ["refused"], time);

    private string Path => folder.File("log");

    private string[] Written => File.Exists(Path) ? File.ReadAllLines(Path) : [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Lines_AreWrittenAtOnce_PrintableAndShort()
    {
        Write("plain\r\n\nclear \e[2J\u202e\n");
        log.Write([.. "not UTF-8: "u8, 0xff, 0x9b, (byte)'\n']);
        Write(new string('x', 100_000) + "\n");
        Written.ShouldBe(["plain", @"clear \u001b[2J\u202e", "not UTF-8: \ufffd\ufffd", new string('x', Printable.MaxLineBytes - 10) + " ...[more]"]);
    }

    [Fact]
    public async Task Lines_ThatWereKeptBack_AreWrittenTenSecondsLater_WithoutAnotherOne()
    {
        Write(string.Concat(Enumerable.Range(0, 20).Select(number => $"refused {number}\n")));
        Written.Length.ShouldBe(LogBudget.Samples);

        time.Advance(LogBudget.Span);

        await Eventually.HoldsAsync(() => Written.Length == LogBudget.Samples + 1, "what was kept back is written");
        Written[^1].ShouldEndWith("fleet: 15 more lines with \"refused\"; the last: refused 19");
    }

    [Fact]
    public void Lines_OfTheNextTenSeconds_ComeAfterWhatWasKeptBack()
    {
        Write(string.Concat(Enumerable.Range(0, 6).Select(number => $"refused {number}\n")));
        time.Advance(LogBudget.Span);
        Write("next\n");
        Written[^1].ShouldBe("next");
        Written.Length.ShouldBe(LogBudget.Samples + 2);
    }

    [Fact]
    public void File_ThatIsFull_IsPutAside_AndNoLineIsLost()
    {
        var line = new string('x', 4000);
        for (var number = 0; number < 5000; number++)
        {
            time.Advance(LogBudget.Span);
            Write($"{number} {line}\n");
            new FileInfo(Path).Length.ShouldBeLessThanOrEqualTo(LogFiles.MaxBytes);
        }

        var numbers = File.ReadAllLines(LogFiles.Older(Path)).Concat(Written).Select(written => int.Parse(written[..written.IndexOf(' ', StringComparison.Ordinal)])).ToArray();
        numbers.ShouldBe(Enumerable.Range(5000 - numbers.Length, numbers.Length));
        Directory.GetFiles(folder.Path).Length.ShouldBe(2);
        LogFiles.Tail(Path, 3).Select(written => written[..4]).ShouldBe(["4997", "4998", "4999"]);
    }

    [Fact]
    public void File_ThatSomebodyRemoved_IsBegunAnew()
    {
        Write("one\n");
        File.Delete(Path);
        Write("two\n");
        Written.ShouldBe(["two"]);
    }

    [Fact]
    public void LastWords_AreKnownWhateverIsWritten()
    {
        Write(string.Concat(Enumerable.Range(0, 20).Select(number => $"refused {number}\n")));
        log.LastWords().ShouldBe(["refused 17", "refused 18", "refused 19"]);
    }

    [Fact]
    public async Task Pump_OfAnEndlessLine_CutsIt_AndGoesOnBehindIt()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes($"one\n{new string('x', 200_000)}\ntwo\n{new string('y', 5000)}\nlast"));
        await LogPump.CopyAsync(stream, log);
        Written.Select(line => line[..3]).ShouldBe(["one", "xxx", "two", "yyy", "las"]);
        Written.ShouldAllBe(line => line.Length <= Printable.MaxLineBytes);
    }

    private void Write(string text) => log.Write(Encoding.UTF8.GetBytes(text));
}
