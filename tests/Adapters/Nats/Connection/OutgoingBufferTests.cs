using System.Text;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Protocol;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

/// <summary>What we send, byte for byte, and how much of it may wait.</summary>
public sealed class OutgoingBufferTests
{
    private static readonly NatsOptions Options = NatsOptions.For("nats://h") with { OutgoingBufferBytes = 4096, MaxControlLine = 512 };

    [Fact]
    public async Task Written_EveryCommand_IsTheProtocolsBytes()
    {
        var buffer = New();
        var subscription = new NatsSubscription(12, "in.>", null, 1, 1, _ => ValueTask.CompletedTask);
        var member = new NatsSubscription(13, "in.*", "group", 1, 1, _ => ValueTask.CompletedTask);

        buffer.TryPublish("a.b", default, default, "hello"u8, needsInbox: false).ShouldBe(PublishOutcome.Sent);
        buffer.TryPublish("a", "re.1"u8, default, default, needsInbox: false).ShouldBe(PublishOutcome.Sent);
        buffer.TryPublish("a", default, NatsHeaders.Of("K", "v").Block, "x"u8, needsInbox: false).ShouldBe(PublishOutcome.Sent);
        buffer.TryPublish("a", "re"u8, NatsHeaders.Of("K", "v").Block, default, needsInbox: false).ShouldBe(PublishOutcome.Sent);
        buffer.TryPublish("ü.q", "_INBOX.x.1"u8, default, "1"u8, needsInbox: true).ShouldBe(PublishOutcome.Sent);
        buffer.TryPublish("q", "_INBOX.x.2"u8, default, "2"u8, needsInbox: true).ShouldBe(PublishOutcome.Sent);
        buffer.TrySubscribe(subscription).ShouldBeTrue();
        buffer.TrySubscribe(member).ShouldBeTrue();
        buffer.TryUnsubscribe(12).ShouldBeTrue();
        buffer.TryPong().ShouldBeTrue();
        _ = buffer.PingAsync();

        (await TakeAsync(buffer)).ShouldBe(
            "PUB a.b 5\r\nhello\r\n"
            + "PUB a re.1 0\r\n\r\n"
            + "HPUB a 18 19\r\nNATS/1.0\r\nK: v\r\n\r\nx\r\n"
            + "HPUB a re 18 18\r\nNATS/1.0\r\nK: v\r\n\r\n\r\n"
            + "SUB _INBOX.x.* 1\r\nPUB ü.q _INBOX.x.1 1\r\n1\r\n"
            + "PUB q _INBOX.x.2 1\r\n2\r\n"
            + "SUB in.> 12\r\nSUB in.* group 13\r\nUNSUB 12\r\nPONG\r\nPING\r\n");
    }

    [Fact]
    public async Task TryPublish_BeyondTheBound_IsFullUntilItIsFlushed()
    {
        var buffer = New();
        var payload = new byte[1000];
        var sent = 0;
        while (buffer.TryPublish("a", default, default, payload, needsInbox: false) == PublishOutcome.Sent)
        {
            sent++;
        }

        sent.ShouldBe(3);
        buffer.TryPong().ShouldBeTrue("control commands have room of their own");
        var space = buffer.SpaceAsync();
        await buffer.WaitAsync();
        buffer.Take();
        buffer.TryPublish("a", default, default, payload, needsInbox: false).ShouldBe(PublishOutcome.BufferFull, "what is being sent still counts");
        space.IsCompleted.ShouldBeFalse();

        buffer.Flushed();

        await space.WaitAsync(Nats.Patience, Nats.Test);
        buffer.TryPublish("a", default, default, payload, needsInbox: false).ShouldBe(PublishOutcome.Sent);
    }

    [Fact]
    public void TryPublish_OfWhatNeverFits_IsTooLarge()
    {
        var buffer = New(maxPayload: 100);

        buffer.TryPublish("a", default, default, new byte[101], needsInbox: false).ShouldBe(PublishOutcome.TooLarge);
        buffer.TryPublish("a", default, NatsHeaders.Of("K", "v").Block, new byte[90], needsInbox: false).ShouldBe(PublishOutcome.TooLarge);
        buffer.TryPublish(new string('s', 600), default, default, default, needsInbox: false).ShouldBe(PublishOutcome.TooLarge, "the control line");
        buffer.MaxPayload = 1 << 20;
        buffer.TryPublish("a", default, default, new byte[101], needsInbox: false).ShouldBe(PublishOutcome.Sent);
        buffer.TryPublish("a", default, default, new byte[4096], needsInbox: false).ShouldBe(PublishOutcome.TooLarge, "more than the buffer ever holds");
    }

    [Fact]
    public void Control_WhenNobodyReads_OverrunsAtABound()
    {
        var buffer = New();
        var overruns = 0;
        buffer.Overrun = () => overruns++;
        var pongs = 0;
        while (buffer.TryPong() && pongs < 100_000)
        {
            pongs++;
        }

        overruns.ShouldBe(1);
        (pongs * 6).ShouldBeInRange(4096, 4096 + (64 * 1024) + 6);
    }

    [Fact]
    public async Task Close_WithPingsAndWaiters_TellsThemAll()
    {
        var buffer = New();
        var ping = buffer.PingAsync();
        var space = buffer.SpaceAsync();

        buffer.Close();

        (await ping).ShouldBeFalse();
        await space.WaitAsync(Nats.Patience, Nats.Test);
        (await buffer.WaitAsync()).ShouldBeFalse();
        (await buffer.PingAsync()).ShouldBeFalse();
        buffer.TryPong().ShouldBeFalse();
        buffer.TryPublish("a", default, default, default, needsInbox: false).ShouldBe(PublishOutcome.LinkDown);
    }

    [Fact]
    public async Task TakePong_AnswersPingsInTheirOrder()
    {
        var buffer = New();
        var (first, second) = (buffer.PingAsync(), buffer.PingAsync());

        buffer.TakePong().ShouldBeTrue();

        (await first).ShouldBeTrue();
        second.IsCompleted.ShouldBeFalse();
        buffer.TakePong().ShouldBeTrue();
        buffer.TakePong().ShouldBeFalse("nobody asked");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WaitAsync_OfASleepingFlusher_IsWokenByTheFirstCommand(bool needsInbox)
    {
        var buffer = New();
        var waiting = buffer.WaitAsync().AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        buffer.TryPublish("a", "re"u8, default, default, needsInbox);

        (await waiting.WaitAsync(Nats.Patience, Nats.Test)).ShouldBeTrue();
    }

    private static OutgoingBuffer New(long maxPayload = 1 << 20) => new(Options, maxPayload, "_INBOX.x.*", 1);

    private static async Task<string> TakeAsync(OutgoingBuffer buffer)
    {
        (await buffer.WaitAsync()).ShouldBeTrue();
        return Encoding.UTF8.GetString(buffer.Take().Span);
    }
}
