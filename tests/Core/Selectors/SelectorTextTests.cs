using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Tests.Core.Selectors;

public sealed class SelectorTextTests
{
    [Theory]
    [InlineData("", "everything")]
    [InlineData("  ", "everything")]
    [InlineData("a=b", "a=b")]
    [InlineData("a==b", "a=b")]
    [InlineData(" a = b , c != d ", "a=b,c!=d")]
    [InlineData("a=b,c!=d,e in (x,y),!f", "a=b,c!=d,e in (x,y),!f")]
    [InlineData("e notin ( x , y )", "e notin (x,y)")]
    [InlineData("e in(x),f", "e=x,f")]
    [InlineData("a=", "a=")]
    [InlineData("a=,b", "a=,b")]
    [InlineData("a in ()", "a=")]
    [InlineData("a in (x,)", "a in (x,)")]
    [InlineData("a=in", "a=in")]
    [InlineData("a in (in,notin)", "a in (in,notin)")]
    [InlineData("example.com/a=B_c.9", "example.com/a=B_c.9")]
    [InlineData("a=b,a=c", "a=b,a=c")]
    public void Parse_KubernetesText_ReadsAs(string text, string expected)
    {
        var parsed = SelectorText.Parse(text).ShouldBeOfType<SelectorTextOutcome.Parsed>();

        Selector.TryCompile(parsed.LabelSelector).ShouldBeOfType<SelectorOutcome.Compiled>().Selector.ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData(",", "found ',', expected: a label's key")]
    [InlineData("a,", "found '', expected: a label's key")]
    [InlineData("a b", "found 'b', expected: in, notin, =, ==, !=")]
    [InlineData("a in x", "found 'x', expected: '(' after 'in'")]
    [InlineData("a in (x", "found '', expected: ',' or ')'")]
    [InlineData("a=b c", "found 'c', expected: ',' or the end")]
    [InlineData("a=(b)", "found '(', expected: a value after '='")]
    [InlineData("a>1", "found '>', expected: in, notin, =, ==, !=")]
    [InlineData("in=x", "found 'in', expected: a label's key")]
    [InlineData("!", "found '', expected: a label's key")]
    [InlineData("-a=b", "a key has letters, digits")]
    [InlineData("a=b_", "a value is empty, or has letters")]
    public void Parse_OtherText_SaysWhatIsWrong(string text, string reason) =>
        SelectorText.Parse(text).ShouldBeOfType<SelectorTextOutcome.Invalid>().Reason.ShouldContain(reason);

    [Fact]
    public void Parse_TooLong_Refuses() =>
        SelectorText.Parse(new string(' ', 4097)).ShouldBe(new SelectorTextOutcome.Invalid("unable to parse requirement: longer than 4096 characters"));

    [Fact]
    public void Parse_Longest_IsRead() => SelectorText.Parse(new string(' ', 4096)).ShouldBeOfType<SelectorTextOutcome.Parsed>();
}
