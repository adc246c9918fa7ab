using Harmony.Fleet.Adapters.Nats.JetStream;

namespace Harmony.Fleet.Tests.Adapters.Nats.JetStream;

public sealed class DeliveryOriginTests
{
    [Theory]
    [InlineData("$JS.ACK.KV_a.c1.1.101.7.1763712000000000000.5")]
    [InlineData("$JS.ACK.hub.ACCHASH.KV_a.c1.1.101.7.1763712000000000000.5")]
    [InlineData("$JS.ACK._.ACCHASH.KV_a.c1.1.101.7.1763712000000000000.5.random")]
    public void TryParse_OfEachForm_ReadsTheNumbers(string reply)
    {
        DeliveryOrigin.TryParse(reply, out var origin).ShouldBeTrue();

        origin.ShouldBe(new DeliveryOrigin(101, 7, new DateTimeOffset(2025, 11, 21, 8, 0, 0, TimeSpan.Zero), 5));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("_INBOX.x")]
    [InlineData("$JS.ACK.KV_a.c1.1.101.7.1763712000000000000")]
    [InlineData("$JS.ACK.KV_a.c1.1.101.7.1763712000000000000.5.6")]
    [InlineData("$JS.ACK.KV_a.c1.1.x.7.1763712000000000000.5")]
    [InlineData("$JS.ACK.KV_a.c1.1.101.7.1763712000000000000.-5")]
    public void TryParse_OfAnythingElse_IsFalse(string? reply) => DeliveryOrigin.TryParse(reply, out _).ShouldBeFalse();
}
