using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Protocol;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

/// <summary>Messages through the real server.</summary>
[Trait("Category", "Integration")]
public sealed class MessagingTests
{
    [Theory, ClassData(typeof(NatsVersions))]
    public async Task Publish_WithHeadersAndReply_ArrivesWhole(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var connection = await Nats.ConnectAsync(server);
        await using var subscription = await connection.SubscribeAsync("a.b", null, 16, Nats.Test);
        var headers = NatsHeaders.Of("Fleet-Mac", "1:abc").With("Twice", "one").With("Twice", "two: ü");

        (await connection.PublishAsync("a.b", Nats.Bytes("payload\r\nwith a line end"), headers, "answers.here", Nats.Test)).ShouldBe(PublishOutcome.Sent);

        var message = await Nats.NextAsync(subscription);
        message.Subject.ShouldBe("a.b");
        message.ReplyTo.ShouldBe("answers.here");
        Nats.Text(message).ShouldBe("payload\r\nwith a line end");
        message.Headers!.Get("Fleet-Mac").ShouldBe("1:abc");
        message.Headers.GetAll("Twice").ShouldBe(["one", "two: ü"]);
        connection.Server!.Version.ShouldStartWith(version);
        connection.Server.JetStream.ShouldBeTrue();
    }

    [Theory, ClassData(typeof(NatsVersions))]
    public async Task Subscribe_WithWildcards_GetsWhatMatches(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var connection = await Nats.ConnectAsync(server);
        await using var one = await connection.SubscribeAsync("w.*.c", null, 16, Nats.Test);
        await using var all = await connection.SubscribeAsync("w.>", null, 16, Nats.Test);

        foreach (var subject in (string[])["w.b.c", "w.b.c.d", "x.b.c", "w.z.c"])
        {
            await connection.PublishAsync(subject, Nats.Bytes(subject), cancellationToken: Nats.Test);
        }

        (await Nats.NextAsync(one)).Subject.ShouldBe("w.b.c");
        (await Nats.NextAsync(one)).Subject.ShouldBe("w.z.c");
        (await Nats.NextAsync(all)).Subject.ShouldBe("w.b.c");
        (await Nats.NextAsync(all)).Subject.ShouldBe("w.b.c.d");
        (await Nats.NextAsync(all)).Subject.ShouldBe("w.z.c");
        one.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Subscribe_InAQueueGroup_SharesTheMessages()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = await Nats.ConnectAsync(server);
        await using var first = await connection.SubscribeAsync("work", "group", 256, Nats.Test);
        await using var second = await connection.SubscribeAsync("work", "group", 256, Nats.Test);

        for (var i = 0; i < 100; i++)
        {
            await connection.PublishAsync("work", default, cancellationToken: Nats.Test);
        }

        (await connection.FlushAsync(Nats.Test)).ShouldBeTrue();
        var (one, two) = (Count(first), Count(second));
        (one + two).ShouldBe(100);
        one.ShouldBePositive();
        two.ShouldBePositive();
    }

    [Fact]
    public async Task Dispose_OfASubscription_EndsItsReaderAndItsMessages()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = await Nats.ConnectAsync(server);
        var subscription = await connection.SubscribeAsync("gone", null, 16, Nats.Test);

        await subscription.DisposeAsync();

        (await connection.RequestAsync("gone", default, null, Nats.Patience, Nats.Test)).Status.ShouldBe(RequestStatus.NoResponders);
        (await subscription.WaitToReadAsync(Nats.Test)).ShouldBeFalse();
    }

    [Theory, ClassData(typeof(NatsVersions))]
    public async Task Request_WithAResponder_GetsItsAnswer(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var service = await Nats.ConnectAsync(server);
        await using var client = await Nats.ConnectAsync(server);
        _ = await Nats.RespondAsync(service, "echo", message => message.Payload);

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async i =>
        {
            var outcome = await client.RequestAsync("echo", Nats.Bytes($"{i}"), null, Nats.Patience, Nats.Test);
            return (outcome.Status, Text: Nats.Text(outcome.Message), Wanted: $"{i}");
        }));

        answers.ShouldAllBe(answer => answer.Status == RequestStatus.Replied && answer.Text == answer.Wanted);
    }

    [Theory, ClassData(typeof(NatsVersions))]
    public async Task Request_WithNobodyThere_IsToldSoAtOnce(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var connection = await Nats.ConnectAsync(server);

        var outcome = await connection.RequestAsync("nobody", default, null, Timeout.InfiniteTimeSpan, Nats.Test);

        outcome.Status.ShouldBe(RequestStatus.NoResponders);
    }

    [Fact]
    public async Task Request_WithASilentResponder_TimesOut()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = await Nats.ConnectAsync(server);
        await using var silent = await connection.SubscribeAsync("silent", null, 16, Nats.Test);

        var outcome = await connection.RequestAsync("silent", default, null, TimeSpan.FromMilliseconds(50), Nats.Test);

        outcome.Status.ShouldBe(RequestStatus.TimedOut);
    }

    [Fact]
    public async Task Request_Cancelled_ThrowsAndFreesItsPlace()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = await Nats.ConnectAsync(NatsOptions.For(server.Url) with { MaxPendingRequests = 1 });
        await using var silent = await connection.SubscribeAsync("silent", null, 16, Nats.Test);
        for (var i = 0; i < 3; i++)
        {
            using var cancellation = new CancellationTokenSource();
            var pending = connection.RequestAsync("silent", default, null, Timeout.InfiniteTimeSpan, cancellation.Token).AsTask();
            (await connection.RequestAsync("silent", default, null, Nats.Patience, Nats.Test)).Status.ShouldBe(RequestStatus.BufferFull);

            await cancellation.CancelAsync();

            await Should.ThrowAsync<OperationCanceledException>(pending);
        }
    }

    [Theory, ClassData(typeof(NatsVersions))]
    public async Task Publish_BeyondTheServersLimit_IsTooLargeAndHarmless(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var connection = await Nats.ConnectAsync(server);
        await using var subscription = await connection.SubscribeAsync("size", null, 16, Nats.Test);
        var largest = new byte[connection.Server!.MaxPayload];

        (await connection.PublishAsync("size", new byte[largest.Length + 1], cancellationToken: Nats.Test)).ShouldBe(PublishOutcome.TooLarge);
        (await connection.PublishAsync("size", largest, NatsHeaders.Of("One", "more"), cancellationToken: Nats.Test)).ShouldBe(PublishOutcome.TooLarge);
        (await connection.RequestAsync("size", new byte[largest.Length + 1], null, Nats.Patience, Nats.Test)).Status.ShouldBe(RequestStatus.TooLarge);
        (await connection.PublishAsync("size", largest, cancellationToken: Nats.Test)).ShouldBe(PublishOutcome.Sent);

        (await Nats.NextAsync(subscription)).Payload.Length.ShouldBe(largest.Length);
        connection.Link.Connects.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\r\nPUB x 0")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a..b")]
    [InlineData("a\t")]
    [InlineData("a\0b")]
    public async Task Publish_ToWhatIsNoSubject_IsRefusedBeforeAnythingIsSent(string subject)
    {
        await using var connection = Nats.New(NatsOptions.For("nats://127.0.0.1:1"));

        await Should.ThrowAsync<ArgumentException>(async () => await connection.PublishAsync(subject, default, cancellationToken: Nats.Test));
        await Should.ThrowAsync<ArgumentException>(async () => await connection.PublishAsync("fine", default, replyTo: subject, cancellationToken: Nats.Test));
        await Should.ThrowAsync<ArgumentException>(async () => await connection.RequestAsync(subject, default, null, Nats.Patience, Nats.Test));
        await Should.ThrowAsync<ArgumentException>(async () => await connection.SubscribeAsync(subject, null, 1, Nats.Test));
    }

    private static int Count(NatsSubscription subscription)
    {
        var count = 0;
        while (subscription.TryRead(out _))
        {
            count++;
        }

        return count;
    }
}
