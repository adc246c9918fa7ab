using Harmony.Fleet.Cli.Parsing;

namespace Harmony.Fleet.Tests.Cli.Parsing;

public sealed class DurationTests
{
    [Theory]
    [InlineData("60s", 60_000)]
    [InlineData("2m", 120_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("500ms", 500)]
    [InlineData("1s500ms", 1_500)]
    [InlineData("0s", 0)]
    public void Text_OfASpan_IsParsed(string text, int milliseconds)
    {
        Duration.TryParse(text, out var span).ShouldBeTrue();
        span.TotalMilliseconds.ShouldBe(milliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("60")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("1.5s")]
    [InlineData("5 s")]
    [InlineData("5d")]
    [InlineData("99999999999999999999s")]
    [InlineData("999999999h")]
    public void Text_OfNoSpan_IsRefused(string text) => Duration.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData(60, "1m")]
    [InlineData(90, "1m30s")]
    [InlineData(7200, "2h")]
    [InlineData(0, "0s")]
    [InlineData(0.25, "250ms")]
    public void Span_AsText_IsShort(double seconds, string text) => Duration.Text(TimeSpan.FromSeconds(seconds)).ShouldBe(text);
}
