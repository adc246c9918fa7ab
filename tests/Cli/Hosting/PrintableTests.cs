using Harmony.Fleet.Cli.Hosting;

namespace Harmony.Fleet.Tests.Cli.Hosting;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("two\nlines\r\n", "two lines  ")]
    [InlineData("a\tb", "a b")]
    [InlineData("\e[2Jgone", "?[2Jgone")]
    [InlineData("\u009b31m", "?31m")]
    [InlineData("bell\a nul\0", "bell? nul?")]
    [InlineData("grüße 😀", "grüße 😀")]
    public void Line_OfHostileText_MovesNoCursor(string text, string shown) => Printable.Line(text).ShouldBe(shown);

    [Theory]
    [InlineData("a\tb", "a\tb")]
    [InlineData("\e[31mred\e[0m", "\e[31mred\e[0m\e[0m")]
    [InlineData("\e[31mred", "\e[31mred\e[0m")]
    [InlineData("\e[2J\e[1;32mok", "?[2J\e[1;32mok\e[0m")]
    [InlineData("\e]0;title\a", "?]0;title?")]
    public void LogLine_OfAContainer_KeepsOnlyColours(string text, string shown) => Printable.LogLine(text).ShouldBe(shown);
}
