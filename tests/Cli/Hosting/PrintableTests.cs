using Harmony.Fleet.Cli.Hosting;

namespace Harmony.Fleet.Tests.Cli.Hosting;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("two\nlines\r\n", "two lines  ")]
    [InlineData("a\tb", "a b")]
    [InlineData("\e[2Jgone", @"\u001b[2Jgone")]
    [InlineData("\u009b31m", @"\u009b31m")]
    [InlineData("bell\a nul\0 del\x7f", @"bell\u0007 nul\u0000 del\u007f")]
    [InlineData("a\u202ecba\u202c \u2066b\u2069 \u200fc", @"a\u202ecba\u202c \u2066b\u2069 \u200fc")]
    [InlineData("a\u2028b\ufeffc\u200bd\U000e0041", @"a\u2028b\ufeffc\u200bd\U000e0041")]
    [InlineData("می\u200cخواهم 👩\u200d🔧", "می\u200cخواهم 👩\u200d🔧")]
    [InlineData("grüße 😀", "grüße 😀")]
    public void Line_OfHostileText_MovesNoCursor(string text, string shown) => Printable.Line(text).ShouldBe(shown);

    /// <summary>No attribute could hold it.</summary>
    [Fact]
    public void Line_OfHalfAPair_ShowsThatSomethingIsMissing() => Printable.Line("half \ud800").ShouldBe("half \ufffd");

    [Theory]
    [InlineData("a\tb", "a\tb")]
    [InlineData("\e[31mred\e[0m", "\e[31mred\e[0m\e[0m")]
    [InlineData("\e[31mred", "\e[31mred\e[0m")]
    [InlineData("\e[2J\e[1;32mok", "\\u001b[2J\e[1;32mok\e[0m")]
    [InlineData("\e]0;title\a", @"\u001b]0;title\u0007")]
    public void LogLine_OfAContainer_KeepsOnlyColours(string text, string shown) => Printable.LogLine(text).ShouldBe(shown);
}
