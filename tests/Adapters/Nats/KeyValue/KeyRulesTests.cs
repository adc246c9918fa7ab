using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Adapters.Nats.Bus;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Adapters.Nats.KeyValue;

public sealed class KeyRulesTests
{
    [Theory]
    [InlineData("pi-1", true)]
    [InlineData("a.b/c_d=e-F9", true)]
    [InlineData("", false)]
    [InlineData(".a", false)]
    [InlineData("a.", false)]
    [InlineData("a..b", false)]
    [InlineData("a b", false)]
    [InlineData("a*", false)]
    [InlineData(">", false)]
    [InlineData("ä", false)]
    [InlineData("a\r\nPUB x 0", false)]
    public void IsKey_OfText_HoldsTheRule(string text, bool valid) => KeyRules.IsKey(text).ShouldBe(valid);

    [Theory]
    [InlineData("desired-state", true)]
    [InlineData("a.b", false)]
    [InlineData("", false)]
    [InlineData("a>", false)]
    public void IsBucket_OfText_HoldsTheRule(string text, bool valid) => KeyRules.IsBucket(text).ShouldBe(valid);

    [Fact]
    public async Task Bucket_WithABadKey_SendsNothing()
    {
        await using var bus = Buses.New(NatsOptions.For("nats://127.0.0.1:1"));
        var bucket = bus.Bucket("things");

        (await bucket.PutAsync("a b", default, BusHeaders.None, TestContext.Current.CancellationToken)).ShouldBeOfType<PutOutcome.Rejected>().Reason.ShouldContain("'a b' cannot be a key");
        (await bucket.DeleteAsync("*", 1, TestContext.Current.CancellationToken)).ShouldBeOfType<PutOutcome.Rejected>();
        (await bucket.GetAsync("*", TestContext.Current.CancellationToken)).ShouldBeOfType<GetOutcome.Missing>();
        Should.Throw<ArgumentException>(() => bucket.WatchAsync("a b", TestContext.Current.CancellationToken));
        Should.Throw<ArgumentException>(() => bus.Bucket("a.b"));
    }
}
