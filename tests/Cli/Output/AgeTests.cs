using Harmony.Fleet.Cli.Output;

namespace Harmony.Fleet.Tests.Cli.Output;

public sealed class AgeTests
{
    [Theory]
    [InlineData(-5, "0s")]
    [InlineData(0, "0s")]
    [InlineData(45, "45s")]
    [InlineData(59, "59s")]
    [InlineData(60, "1m")]
    [InlineData(759, "12m")]
    [InlineData(3600, "1h")]
    [InlineData(23 * 3600 + 3599, "23h")]
    [InlineData(86400, "1d")]
    [InlineData(400 * 86400, "400d")]
    public void Span_AsAge_IsAFewCharacters(int seconds, string text) => Age.Of(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Fact]
    public void Time_ThatIsUnknown_IsADash()
    {
        Age.Of(null, DateTimeOffset.UnixEpoch.AddDays(1)).ShouldBe("-");
        Age.Of(default(DateTimeOffset), DateTimeOffset.UnixEpoch.AddDays(1)).ShouldBe("-");
    }
}
