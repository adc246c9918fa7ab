using System.Text;
using Harmony.Fleet.Contracts.Texts;

namespace Harmony.Fleet.Tests.Contracts.Texts;

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

    /// <summary>Names that look the same must be the same.</summary>
    [Theory]
    [InlineData("w\u200deb", @"w\u200deb")]
    [InlineData("wé\u200cb \u200d👩", @"wé\u200cb \u200d👩")]
    [InlineData("👩\u200d", @"👩\u200d")]
    [InlineData("web\ufe0f w\u034feb", @"web\ufe0f w\u034feb")]
    [InlineData("we\u3164b\u115f\uffa0\u180e", @"we\u3164b\u115f\uffa0\u180e")]
    [InlineData("a\ufe00b\U000e0100", @"a\ufe00b\U000e0100")]
    [InlineData("❤\ufe0f 👁\ufe0f\u200d🗨\ufe0f", "❤\ufe0f 👁\ufe0f\u200d🗨\ufe0f")]
    public void Line_OfWhatHasNoWidth_ShowsIt(string text, string shown) => Printable.Line(text).ShouldBe(shown);

    [Fact]
    public void Word_OfSeveralLines_ShowsTheBreaks() => Printable.Word("a\nb\tc\u202e").ShouldBe(@"a\u000ab\u0009c\u202e");

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

    [Fact]
    public void Value_OfAnyLength_IsCutWhereItIsLong()
    {
        Printable.Value(new string('x', 512)).ShouldBe(new string('x', 512));
        Printable.Value(new string('x', 600)).ShouldBe(new string('x', 512) + "...[88 more]");
        Printable.Value(new string('x', 511) + "🐙🐙").ShouldBe(new string('x', 511) + "...[4 more]", "never half a character");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("é")]
    [InlineData("🐙")]
    [InlineData("\e")]
    public void ShortLine_OfAnyText_IsAtMost4KiB(string text)
    {
        var line = Printable.ShortLine(string.Concat(Enumerable.Repeat(text, 5000)));

        Encoding.UTF8.GetByteCount(line).ShouldBeInRange(Printable.MaxLineBytes - 6, Printable.MaxLineBytes);
        line.ShouldEndWith(" ...[more]");
        line.ShouldNotContain('\ufffd');
    }

    [Fact]
    public void ShortLine_OfALineThatFits_IsThatLine()
    {
        Printable.ShortLine(new string('x', Printable.MaxLineBytes)).ShouldBe(new string('x', Printable.MaxLineBytes));
        Printable.ShortLine(new string('é', 2048)).ShouldBe(new string('é', 2048));
    }
}
