using Harmony.Fleet.Cli.Layout;

namespace Harmony.Fleet.Tests.Cli.Layout;

public sealed class ProseTests
{
    [Theory]
    [InlineData("one two three", 0, "one two three")]
    [InlineData("one two three", 13, "one two three")]
    [InlineData("one two three", 8, "one two|three")]
    [InlineData("  one two three", 9, "  one two|  three")]
    [InlineData("a/very/long/path and more", 8, "a/very/long/path|and more")]
    [InlineData("see a/very/long/path", 8, "see|a/very/long/path")]
    [InlineData("", 5, "")]
    [InlineData("日本 日本 日本", 9, "日本 日本|日本")]
    public void Text_IsBrokenBetweenWords(string text, int width, string lines) => string.Join('|', Prose.Wrap(text, width)).ShouldBe(lines);

    [Theory]
    [InlineData("end it with fleet down --now, or wait", 20, "end it with|fleet down --now, or|wait")]
    [InlineData("fleet down --now ends it", 8, "fleet down --now|ends it")]
    [InlineData("a /srv/my lab b", 10, "a|/srv/my lab|b")]
    public void Text_IsNotBrokenWithinCommandsAndPaths(string text, int width, string lines) =>
        string.Join('|', Prose.Wrap(text, width, whole: ["fleet down --now", "/srv/my lab"])).ShouldBe(lines);

    [Fact]
    public void Text_WithALabel_HangsUnderIt() =>
        Prose.Wrap("  page      one two three", 18, hanging: 12).ShouldBe(["  page      one", "         two three"]);

    [Theory]
    [InlineData("There is no bucket", "there is no bucket")]
    [InlineData("Deployment \"web\" is invalid", "deployment \"web\" is invalid")]
    [InlineData("A tab", "a tab")]
    [InlineData("NATS is away", "NATS is away")]
    [InlineData("JetStream is away", "JetStream is away")]
    [InlineData("If-None-Match does not hold", "If-None-Match does not hold")]
    [InlineData("pi-1 did not answer", "pi-1 did not answer")]
    [InlineData("Ähnlich", "Ähnlich")]
    [InlineData("", "")]
    public void Sentence_AfterAColon_BeginsInLowerCase(string text, string inner) => Prose.Inner(text).ShouldBe(inner);
}
