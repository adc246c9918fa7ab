using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

/// <summary>The inbox of requests, against a server that the test plays by hand.</summary>
public sealed class RequestTests
{
    [Fact]
    public async Task Timeout_WithoutAnswer_IsToldByTheClock_AndALateAnswerFindsNobody()
    {
        var time = new ManualTime();
        using var server = new FakeServer();
        await using var connection = Nats.New(NatsOptions.For(server.Url), time);
        connection.Start();
        using var peer = await server.WelcomeAsync();
        await Nats.LinkAsync(connection, up: true);

        var late = connection.RequestAsync("q", default, null, TimeSpan.FromSeconds(2), Nats.Test).AsTask();
        var lateReply = (await peer.ReadUntilAsync("PUB q")).Split(' ')[2];
        time.Advance(TimeSpan.FromSeconds(1.9));
        late.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(0.3));
        (await late).Status.ShouldBe(RequestStatus.TimedOut);

        var next = connection.RequestAsync("q", default, null, TimeSpan.FromSeconds(2), Nats.Test).AsTask();
        var reply = (await peer.ReadUntilAsync("PUB q")).Split(' ')[2];
        reply.ShouldNotBe(lateReply);
        await peer.SendAsync($"MSG {lateReply} 1 4\r\nlate\r\nMSG {reply} 1 4\r\ntime\r\nMSG {reply} 1 5\r\ntwice\r\n");
        Nats.Text((await next).Message).ShouldBe("time");
        time.Dues.Count(due => due <= TimeSpan.FromMilliseconds(100)).ShouldBeLessThanOrEqualTo(1);
        time.Advance(TimeSpan.FromMilliseconds(200));
        time.Dues.ShouldAllBe(due => due > TimeSpan.FromMilliseconds(100), "nothing pends: no timer runs");
    }

    [Fact]
    public async Task Answers_OfStrangeShape_AreIgnored()
    {
        using var server = new FakeServer();
        await using var connection = Nats.New(NatsOptions.For(server.Url));
        connection.Start();
        using var peer = await server.WelcomeAsync();
        await Nats.LinkAsync(connection, up: true);
        var request = connection.RequestAsync("q", default, null, Timeout.InfiniteTimeSpan, Nats.Test);
        var reply = (await peer.ReadUntilAsync("PUB q")).Split(' ')[2];
        var prefix = reply[..^12];

        foreach (var token in (string[])["", "x", "zzzzzzzzzzzz", "ffffffffffff", "00000000000g", "0000000000011", "000000000000", "00100000ffff"])
        {
            await peer.SendAsync($"MSG {prefix}{token} 1 1\r\nx\r\n".Replace(" 1 1", token.Length == 0 ? "x 1 1" : " 1 1", StringComparison.Ordinal));
        }

        await peer.SendAsync($"HMSG {reply} 1 10 10\r\nbroken\r\n\r\n\r\n");
        await peer.SendAsync($"HMSG {reply} 1 12 14\r\nNATS/1.0\r\n\r\nok\r\n");

        Nats.Text((await request).Message).ShouldBe("ok");
    }

    [Fact]
    public async Task Replies_WithAStatus_KeepIt_AndOnlyAnEmpty503MeansNobody()
    {
        using var server = new FakeServer();
        await using var connection = Nats.New(NatsOptions.For(server.Url));
        connection.Start();
        using var peer = await server.WelcomeAsync();
        await Nats.LinkAsync(connection, up: true);

        async Task<RequestOutcome> AskAsync(string headers, string payload)
        {
            var request = connection.RequestAsync("q", default, null, Timeout.InfiniteTimeSpan, Nats.Test);
            var reply = (await peer.ReadUntilAsync("PUB q")).Split(' ')[2];
            await peer.SendAsync($"HMSG {reply} 1 {headers.Length} {headers.Length + payload.Length}\r\n{headers}{payload}\r\n");
            return await request;
        }

        (await AskAsync("NATS/1.0 503\r\n\r\n", string.Empty)).Status.ShouldBe(RequestStatus.NoResponders);
        var missing = await AskAsync("NATS/1.0 404 Message Not Found\r\n\r\n", string.Empty);
        (missing.Status, missing.Message.Status, missing.Message.StatusText).ShouldBe((RequestStatus.Replied, 404, "Message Not Found"));
        (await AskAsync("NATS/1.0 503\r\n\r\n", "busy")).Status.ShouldBe(RequestStatus.Replied);
    }

    [Fact]
    public async Task Subscription_WithBrokenHeaders_GetsTheMessageWithoutThemAndGoesOn()
    {
        using var server = new FakeServer();
        await using var connection = Nats.New(NatsOptions.For(server.Url));
        connection.Start();
        using var peer = await server.AcceptAsync();
        await using var subscription = await connection.SubscribeAsync("a", null, 4, Nats.Test);
        await peer.WelcomeAsync();

        await peer.SendAsync("HMSG a 2 4 6\r\nevilxy\r\nMSG a 2 4\r\ngood\r\nMSG a 99 4\r\nnone\r\n");

        var broken = await Nats.NextAsync(subscription);
        (broken.Headers, broken.Status, Nats.Text(broken)).ShouldBe((null, NatsMessage.UnreadableHeaders, "xy"));
        Nats.Text(await Nats.NextAsync(subscription)).ShouldBe("good");
        subscription.Dropped.ShouldBe(0);
        connection.Link.Connects.ShouldBe(1);
    }

    [Fact]
    public async Task Publish_WhenTheServerTakesNothing_IsFullWithinItsTime_AndGoesOnAfterwards()
    {
        using var server = new FakeServer();
        await using var connection = Nats.New(NatsOptions.For(server.Url) with { OutgoingBufferBytes = 64 * 1024, PublishWait = TimeSpan.FromMilliseconds(100) });
        connection.Start();
        using var peer = await server.WelcomeAsync();
        await Nats.LinkAsync(connection, up: true);
        var payload = new byte[32 * 1024];
        var sent = 0;
        while (await connection.PublishAsync("a", payload, cancellationToken: Nats.Test) == Ports.Bus.PublishOutcome.Sent)
        {
            (++sent).ShouldBeLessThan(100_000);
        }

        (await connection.PublishAsync("a", payload, cancellationToken: Nats.Test)).ShouldBe(Ports.Bus.PublishOutcome.BufferFull);
        (await connection.RequestAsync("a", payload, null, Nats.Patience, Nats.Test)).Status.ShouldBe(RequestStatus.BufferFull);
        using var cancellation = new CancellationTokenSource();
        var cancelled = connection.PublishAsync("a", payload, cancellationToken: cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(cancelled);

        var reading = Task.Run(async () =>
        {
            for (var read = 0; read < sent; read++)
            {
                await peer.ReadUntilAsync("PUB a 32768");
            }
        }, Nats.Test);
        await reading.WaitAsync(Nats.Patience, Nats.Test);

        (await connection.PublishAsync("a", payload, cancellationToken: Nats.Test)).ShouldBe(Ports.Bus.PublishOutcome.Sent);
        connection.Link.Connects.ShouldBe(1);
    }

    [Fact]
    public async Task Inboxes_OfTwoConnections_CannotBeGuessed()
    {
        await using var one = Nats.New(NatsOptions.For("nats://h") with { InboxPrefix = "_INBOX_pi-1" });

        var (first, second) = (one.NewInbox(), one.NewInbox());

        first.ShouldStartWith("_INBOX_pi-1.");
        first.Length.ShouldBeGreaterThanOrEqualTo("_INBOX_pi-1.".Length + 22);
        second.ShouldNotBe(first);
    }
}
