using Harmony.Fleet.Cli.Output;

namespace Harmony.Fleet.Tests.Cli.Output;

public sealed class AgeTests
{
    [Theory]
    [InlineData(-5, "0s")]
    [InlineData(0, "0s")]
    [InlineData(59, "59s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(330, "5m30s")]
    [InlineData(3600, "60m")]
    [InlineData(4 * 3600 + 120, "4h2m")]
    [InlineData(30 * 3600, "30h")]
    [InlineData(3 * 86400 + 3600, "3d1h")]
    [InlineData(400 * 86400, "400d")]
    public void Span_AsAge_IsAFewCharacters(int seconds, string text) => Age.Of(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Fact]
    public void Time_ThatIsUnknown_IsADash()
    {
        Age.Of(null, DateTimeOffset.UnixEpoch.AddDays(1)).ShouldBe("-");
        Age.Of(default(DateTimeOffset), DateTimeOffset.UnixEpoch.AddDays(1)).ShouldBe("-");
    }
}
