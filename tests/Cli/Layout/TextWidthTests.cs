using FsCheck;
using FsCheck.Fluent;
using Harmony.Fleet.Cli.Layout;

namespace Harmony.Fleet.Tests.Cli.Layout;

public sealed class TextWidthTests
{
    [Theory]
    [InlineData("abc", 3)]
    [InlineData("", 0)]
    [InlineData("é", 1)]
    [InlineData("e\u0301", 1)]
    [InlineData("日本", 4)]
    [InlineData("ｆ", 2)]
    [InlineData("🚀", 2)]
    [InlineData("✓✗…", 3)]
    public void Text_TakesItsColumns(string text, int columns) => TextWidth.Of(text).ShouldBe(columns);

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 5, "abcd…")]
    [InlineData("abcdef", 1, "…")]
    [InlineData("abcdef", 0, "")]
    [InlineData("日本語", 5, "日本…")]
    [InlineData("日本語", 4, "日…")]
    [InlineData("e\u0301e\u0301e\u0301", 2, "e\u0301…")]
    public void Cut_KeepsTheBeginning(string text, int width, string cut) => TextWidth.Cut(text, width, "…").ShouldBe(cut);

    [Theory]
    [InlineData("/srv/a-long-folder/fleet.json", 15, "/srv/a-…et.json")]
    [InlineData("/srv/a", 6, "/srv/a")]
    [InlineData("日本語日本語", 9, "日本…本語")]
    [InlineData("abcdef", 2, "a…")]
    public void CutMiddle_KeepsBothEnds(string text, int width, string cut) => TextWidth.CutMiddle(text, width, "…").ShouldBe(cut);

    [Fact]
    public void Cut_OfAnyText_FitsAndStaysWhole() => Prop.ForAll(
        ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => new string([.. text.Get.Where(character => !char.IsControl(character) && !char.IsSurrogate(character))])).ToArbitrary(),
        Gen.Choose(0, 30).ToArbitrary(),
        (text, width) => TextWidth.Of(TextWidth.Cut(text, width, "…")) <= width && TextWidth.Of(TextWidth.CutMiddle(text, width, "…")) <= width
            && TextWidth.Of(TextWidth.Cut(text, width, "...")) <= width)
        .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
