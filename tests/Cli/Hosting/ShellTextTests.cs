using System.Diagnostics;
using Harmony.Fleet.Cli.Hosting;

namespace Harmony.Fleet.Tests.Cli.Hosting;

public sealed class ShellTextTests
{
    [Theory]
    [InlineData("/srv/fleet", "/srv/fleet")]
    [InlineData("/srv/my fleet", "'/srv/my fleet'")]
    [InlineData("", "''")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("~/x", "'~/x'")]
    public void Word_IsQuoted_WhereAShellWouldSplitIt(string word, string quoted) => ShellText.Quote(word).ShouldBe(quoted);

    [Theory]
    [InlineData("a b")]
    [InlineData("$HOME `id` \"x\" 'y' \\ * ? ~ ! # & ; | < > ( )")]
    [InlineData("line\nbreak\ttab")]
    [InlineData("-café 😀")]
    public async Task Word_ThatIsPasted_ArrivesAsItIs(string word)
    {
        var start = new ProcessStartInfo("sh", ["-c", $"printf %s {ShellText.Quote(word)}"]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        said.ShouldBe(word);
    }
}
