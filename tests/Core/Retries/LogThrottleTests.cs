using Harmony.Fleet.Core.Retries;

namespace Harmony.Fleet.Tests.Core.Retries;

public sealed class LogThrottleTests
{
    private readonly LogThrottle throttle = new(TimeSpan.FromHours(1));

    [Fact]
    public void Admits_TheFirstOfEachTextAndThenOneAnInterval()
    {
        Told("a", "b", "a", "a").ShouldBe(["a", "b"]);
        throttle.Admits("a", TimeSpan.FromMinutes(59)).ShouldBeFalse();
        throttle.Admits("a", TimeSpan.FromMinutes(60)).ShouldBeTrue();
        throttle.Admits("a", TimeSpan.FromMinutes(119)).ShouldBeFalse();
        throttle.Admits("b", TimeSpan.FromMinutes(119)).ShouldBeTrue();
    }

    [Fact]
    public void Admits_OfTextsThatAreNeverTheSame_SoMany()
    {
        var texts = Enumerable.Range(0, 1000).Select(number => $"text {number}").ToArray();
        Told(texts).ShouldBe(texts[..LogThrottle.MaxTexts]);
        throttle.Admits("another", TimeSpan.FromHours(1)).ShouldBeTrue();
    }

    [Fact]
    public void Admits_AfterAReset_All()
    {
        Told("a").ShouldBe(["a"]);
        throttle.Reset();
        Told("a").ShouldBe(["a"]);
    }

    private string[] Told(params string[] texts) => [.. texts.Where(text => throttle.Admits(text, TimeSpan.Zero))];
}
