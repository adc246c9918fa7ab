using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Conformance.Bus;

public abstract partial class BusConformance
{
    [Fact]
    public async Task Publish_ToASubscription_ArrivesWithItsHeaders()
    {
        var other = await ConnectAsync();
        await using var subscription = await other.SubscribeAsync("orders.*", Stop);

        (await Bus.PublishAsync("orders.pi-1", Bytes("go"), new BusHeaders("1:mac"), Stop)).ShouldBe(PublishOutcome.Sent);

        var message = await subscription.ReadAsync(Stop).FirstAsync(Stop);
        message.Subject.ShouldBe("orders.pi-1");
        Text(message.Payload).ShouldBe("go");
        message.Headers.Mac.ShouldBe("1:mac");
        subscription.Dropped.ShouldBe(0);
    }

    [Fact]
    public async Task Subscription_ThatIsDisposed_Ends()
    {
        var subscription = await Bus.SubscribeAsync("orders.*", Stop);
        await subscription.DisposeAsync();
        await Bus.PublishAsync("orders.pi-1", Bytes("go"), BusHeaders.None, Stop);

        (await subscription.ReadAsync(Stop).ToListAsync(Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Subscription_OfABusThatWasAway_HearsAgain()
    {
        var other = await ConnectAsync();
        await using var subscription = await Bus.SubscribeAsync("orders.*", Stop);
        await DisconnectAsync();
        await LinkAsync(up: false);
        await ReconnectAsync();
        await LinkAsync(up: true);
        await Harness.Eventually.HoldsAsync(() => other.Link.IsUp, "the other bus is up");

        await other.PublishAsync("orders.pi-1", Bytes("go"), BusHeaders.None, Stop);

        Text((await subscription.ReadAsync(Stop).FirstAsync(Stop)).Payload).ShouldBe("go");
    }

    [Fact]
    public async Task Answers_WhileTheLinkIsUp()
    {
        (await Bus.AnswersAsync(Stop)).ShouldBeTrue();
        await DisconnectAsync();
        await LinkAsync(up: false);
        (await Bus.AnswersAsync(Stop)).ShouldBeFalse();
    }

    [Fact]
    public async Task Publish_TooLarge_SaysSo() =>
        (await Bus.PublishAsync("orders.pi-1", new byte[(1024 * 1024) + 1], BusHeaders.None, Stop)).ShouldBe(PublishOutcome.TooLarge);

    [Fact]
    public async Task Republish_OfAStoredValue_CarriesTheKeyTheBytesAndTheMac()
    {
        await Admin.EnsureBucketAsync(Settings with { Name = "wishes", RepublishPrefix = "live.wishes." }, Stop);
        await using var subscription = await Bus.SubscribeAsync("live.wishes.pi-1", Stop);

        await Bus.Bucket("wishes").PutAsync("pi-2", Bytes("other"), BusHeaders.None, Stop);
        await Bus.Bucket("wishes").PutAsync("pi-1", Bytes("mine"), new BusHeaders("1:mac"), Stop);

        var message = await subscription.ReadAsync(Stop).FirstAsync(Stop);
        message.Subject.ShouldBe("live.wishes.pi-1");
        Text(message.Payload).ShouldBe("mine");
        message.Headers.Mac.ShouldBe("1:mac");
    }

    [Fact]
    public async Task Republish_OfAWriteThatWasRefused_DoesNotHappen()
    {
        await Admin.EnsureBucketAsync(Settings with { Name = "wishes", RepublishPrefix = "live.wishes." }, Stop);
        var wishes = Bus.Bucket("wishes");
        await using var subscription = await Bus.SubscribeAsync("live.wishes.>", Stop);

        await wishes.UpdateAsync("pi-1", Bytes("loser"), 77, BusHeaders.None, Stop);
        await wishes.PutAsync("pi-1", new byte[4096], BusHeaders.None, Stop);
        await wishes.PutAsync("pi-1", Bytes("winner"), BusHeaders.None, Stop);

        Text((await subscription.ReadAsync(Stop).FirstAsync(Stop)).Payload).ShouldBe("winner");
    }

    [Fact]
    public async Task LinkChanges_OfABusThatComesAndGoes_TellIt()
    {
        await using var links = Bus.LinkChangesAsync(Stop).GetAsyncEnumerator(Stop);
        (await links.MoveNextAsync()).ShouldBeTrue();
        var first = links.Current;
        first.IsUp.ShouldBeTrue();

        await DisconnectAsync();
        (await links.MoveNextAsync()).ShouldBeTrue();
        await LinkAsync(up: false);
        await ReconnectAsync();
        do
        {
            (await links.MoveNextAsync()).ShouldBeTrue();
        }
        while (!links.Current.IsUp);

        links.Current.Connects.ShouldBeGreaterThan(first.Connects);
    }
}
