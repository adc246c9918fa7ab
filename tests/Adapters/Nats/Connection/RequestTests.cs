using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

/// <summary>Requests and messages of strange shape, and a server that takes nothing; played by hand.</summary>
public sealed class RequestTests
{
    [Fact]
    public async Task Replies_WithAStatus_KeepIt_AndOnlyAnEmpty503MeansNobody()
    {
        using var server = new FakeServer();
        await using var link = Links.New(NatsOptions.For(server.Url));
        link.Start();
        using var peer = await server.WelcomeAsync();
        await Links.LinkAsync(link, up: true);

        async Task<Reply<byte[]>> AskAsync(string headers, string payload)
        {
            var request = link.AskAsync("q");
            var reply = (await peer.ReadUntilAsync("PUB q")).Split(' ')[2];
            await peer.SendAsync($"HMSG {reply} {peer.InboxSid} {headers.Length} {headers.Length + payload.Length}\r\n{headers}{payload}\r\n");
            return await request;
        }

        (await AskAsync("NATS/1.0 503\r\n\r\n", string.Empty)).Status.ShouldBe(ReplyStatus.NoResponders);
        (await AskAsync("NATS/1.0 503\r\nNats-Subject: q\r\n\r\n", string.Empty)).Status.ShouldBe(ReplyStatus.NoResponders, "newer servers name the subject");
        (await AskAsync("NATS/1.0 503\r\n\r\n", "busy")).Status.ShouldBe(ReplyStatus.Replied);
        (await AskAsync("NATS/1.0 503\r\nNats-Sequence: 7\r\n\r\n", string.Empty)).Status.ShouldBe(ReplyStatus.Replied, "a stored message may say anything");
        (await AskAsync("broken headers", "x")).Status.ShouldBe(ReplyStatus.Unreadable);
        var missing = await AskAsync("NATS/1.0 404 Message Not Found\r\n\r\n", string.Empty);
        (missing.Status, missing.Headers!.Code, missing.Headers.MessageText).ShouldBe((ReplyStatus.Replied, 404, "Message Not Found"));
        link.Link.Connects.ShouldBe(1);
    }

    [Fact]
    public async Task Subscription_WithBrokenHeaders_GetsTheMessageAndGoesOn()
    {
        using var server = new FakeServer();
        await using var link = Links.New(NatsOptions.For(server.Url));
        await using var subscription = await link.SubscribeAsync("a", 4, Links.Test);
        link.Start();
        using var peer = await server.WelcomeAsync();
        var sid = peer.SidOf("a");

        await peer.SendAsync($"HMSG a {sid} 4 6\r\nevilxy\r\nMSG a {sid} 4\r\ngood\r\nMSG a 99 4\r\nnone\r\n");

        Links.Text(await Links.NextAsync(subscription)).ShouldBe("xy");
        Links.Text(await Links.NextAsync(subscription)).ShouldBe("good");
        subscription.Dropped.ShouldBe(0);
        link.Link.Connects.ShouldBe(1);
    }

    [Fact]
    public async Task Publish_WhenTheServerTakesNothing_IsFullWithinItsTime_AndGoesOnAfterwards()
    {
        using var server = new FakeServer();
        await using var link = Links.New(NatsOptions.For(server.Url) with { PublishWait = TimeSpan.FromMilliseconds(100) });
        link.Start();
        using var peer = await server.WelcomeAsync();
        await Links.LinkAsync(link, up: true);
        var payload = new string('x', 32 * 1024);
        var sent = 0;
        while (await link.SendAsync("a", payload) == PublishOutcome.Sent)
        {
            (++sent).ShouldBeLessThan(100_000);
        }

        (await link.SendAsync("a", payload)).ShouldBe(PublishOutcome.BufferFull);
        (await link.AskAsync("a", payload)).Status.ShouldBe(ReplyStatus.BufferFull);
        using var cancellation = new CancellationTokenSource();
        var cancelled = link.PublishAsync("a", Links.Bytes(payload), null, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(cancelled);

        await Task.Run(async () =>
        {
            for (var read = 0; read < sent; read++)
            {
                await peer.ReadUntilAsync("PUB a 32768");
            }
        }, Links.Test).WaitAsync(Links.Patience, Links.Test);

        (await link.SendAsync("a", payload)).ShouldBe(PublishOutcome.Sent);
        link.Link.Connects.ShouldBe(1);
    }

    [Fact]
    public async Task Inboxes_OfOneConnection_CannotBeGuessed()
    {
        await using var one = Links.New(NatsOptions.For("nats://h") with { InboxPrefix = "_INBOX_pi-1" });

        var (first, second) = (one.NewInbox(), one.NewInbox());

        first.ShouldStartWith("_INBOX_pi-1.");
        first.Length.ShouldBeGreaterThanOrEqualTo("_INBOX_pi-1.".Length + 22);
        second.ShouldNotBe(first);
    }
}
