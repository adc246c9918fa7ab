using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Processes;

public sealed class LogFilesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("one\ntwo\n\n", "two")]
    [InlineData("only", "only")]
    public void LastLine_OfALog_IsItsLastThatSaysSomething(string text, string expected)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("log"), text);
        LogFiles.LastLine(folder.File("log")).ShouldBe(expected);
    }

    [Fact]
    public void LastLine_OfNoLog_IsEmpty() => LogFiles.LastLine("/no/such/log").ShouldBeEmpty();

    [Fact]
    public void LastLine_OfEndlessText_IsCut()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("log"), new string('x', 100_000));
        LogFiles.LastLine(folder.File("log")).Length.ShouldBeLessThan(400);
    }

    [Fact]
    public void Rotate_OfALargeLog_PutsItAside()
    {
        using var folder = new TempFolder();
        using (var file = File.Create(folder.File("log")))
        {
            file.SetLength(LogFiles.MaxBytes + 1);
        }

        LogFiles.Rotate(folder.File("log"));
        File.Exists(folder.File("log")).ShouldBeFalse();
        File.Exists(folder.File("log.1")).ShouldBeTrue();
    }
}
