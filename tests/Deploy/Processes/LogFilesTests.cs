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

    /// <summary>What matters most at an end was written just before a new file was begun.</summary>
    [Fact]
    public void Tail_OverAFileThatWasJustBegun_GoesOnInTheOneBefore()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("log.1"), "one\ntwo\nthree\n");
        LogFiles.Tail(folder.File("log"), 2).ShouldBe(["two", "three"], "none is begun yet");
        File.WriteAllText(folder.File("log"), string.Empty);
        LogFiles.LastLine(folder.File("log")).ShouldBe("three");
        File.WriteAllText(folder.File("log"), "four\n");
        LogFiles.Tail(folder.File("log"), 2).ShouldBe(["three", "four"]);
        LogFiles.Tail(folder.File("log"), 1).ShouldBe(["four"]);
        LogFiles.Tail(folder.File("log"), 9).ShouldBe(["one", "two", "three", "four"]);
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
