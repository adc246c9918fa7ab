using Harmony.Fleet.Operator.Options;

namespace Harmony.Fleet.Tests.Operator.Options;

public sealed class BearerTokenTests
{
    private const string Text = "0123456789abcdef";

    [Theory]
    [InlineData("Bearer 0123456789abcdef", true)]
    [InlineData("bearer 0123456789abcdef", true)]
    [InlineData("Bearer  0123456789abcdef ", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("Bearer", false)]
    [InlineData("Bearer ", false)]
    [InlineData("0123456789abcdef", false)]
    [InlineData("Basic 0123456789abcdef", false)]
    [InlineData("Bearer 0123456789abcde", false)]
    [InlineData("Bearer 0123456789abcdef0", false)]
    [InlineData("Bearer 0123456789ABCDEF", false)]
    [InlineData("Bearer 0123456789abcdef, Bearer x", false)]
    public void Header_OnlyWithTheToken_PresentsIt(string? header, bool expected)
    {
        BearerToken.TryParse(Text, out var token).ShouldBeTrue();

        token!.IsPresentedBy(header).ShouldBe(expected);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("two lines of a token\nand more of it")]
    [InlineData("with blanks in the middle of it")]
    [InlineData("")]
    [InlineData("ünïcode-tokens-are-no-headers")]
    public void Text_ThatIsNoToken_IsRefused(string text) => BearerToken.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Token_AsText_ShowsNothing()
    {
        BearerToken.TryParse(Text, out var token).ShouldBeTrue();

        token!.ToString().ShouldBe("***");
    }
}
