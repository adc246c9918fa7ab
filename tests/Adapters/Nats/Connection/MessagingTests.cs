using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using NATS.Client.Core;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

/// <summary>Messages through the real server.</summary>
[Trait("Category", "Integration")]
public sealed class MessagingTests
{
    [Theory, ClassData(typeof(NatsVersions))]
    public async Task Publish_WithHeaders_ArrivesWhole(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var link = await Links.ConnectAsync(server);
        await using var subscription = await link.SubscribeAsync("a.b", 16, Links.Test);
        var headers = new NatsHeaders { ["Fleet-Mac"] = "1:abc", ["Other"] = "two: \u00fc" };

        (await link.PublishAsync("a.b", Links.Bytes("payload\r\nwith a line end"), headers, Links.Test)).ShouldBe(PublishOutcome.Sent);

        var message = await Links.NextAsync(subscription);
        message.Subject.ShouldBe("a.b");
        message.ReplyTo.ShouldBeNull();
        Links.Text(message).ShouldBe("payload\r\nwith a line end");
        HeaderBlock.Find(message.Headers.Span, "Fleet-Mac"u8).ShouldBe("1:abc");
        HeaderBlock.Find(message.Headers.Span, "Other"u8).ShouldBe("two: \u00fc");
        link.Link.Detail.ShouldContain($"nats-server {version}.");
    }

    [Theory, ClassData(typeof(NatsVersions))]
    public async Task Subscribe_WithWildcards_GetsWhatMatches(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var link = await Links.ConnectAsync(server);
        await using var one = await link.SubscribeAsync("w.*.c", 16, Links.Test);
        await using var all = await link.SubscribeAsync("w.>", 16, Links.Test);

        foreach (var subject in (string[])["w.b.c", "w.b.c.d", "x.b.c", "w.z.c"])
        {
            await link.SendAsync(subject, subject);
        }

        (await Links.NextAsync(one)).Subject.ShouldBe("w.b.c");
        (await Links.NextAsync(one)).Subject.ShouldBe("w.z.c");
        (await Links.NextAsync(all)).Subject.ShouldBe("w.b.c");
        (await Links.NextAsync(all)).Subject.ShouldBe("w.b.c.d");
        (await Links.NextAsync(all)).Subject.ShouldBe("w.z.c");
        one.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Dispose_OfASubscription_EndsItsReaderAndItsMessages()
    {
        await using var server = await NatsServer.StartAsync();
        await using var link = await Links.ConnectAsync(server);
        var subscription = await link.SubscribeAsync("gone", 16, Links.Test);

        await subscription.DisposeAsync();

        (await link.AskAsync("gone")).Status.ShouldBe(ReplyStatus.NoResponders);
        (await subscription.WaitToReadAsync(Links.Test)).ShouldBeFalse();
    }

    [Theory, ClassData(typeof(NatsVersions))]
    public async Task Request_WithAResponder_GetsItsAnswer(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var service = new NatsConnection(new NatsOpts { Url = server.Url });
        await using var link = await Links.ConnectAsync(server);
        await using var questions = await service.SubscribeCoreAsync<byte[]>("echo", cancellationToken: Links.Test);
        var answering = Task.Run(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                var question = await questions.Msgs.ReadAsync(Links.Test);
                await question.ReplyAsync(question.Data, cancellationToken: Links.Test);
            }
        }, Links.Test);
        await service.PingAsync(Links.Test);

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async i =>
            (Answer: await link.AskAsync("echo", $"{i}"), Wanted: Links.Bytes($"{i}"))));

        answers.ShouldAllBe(pair => pair.Answer.IsReply && pair.Answer.Data!.SequenceEqual(pair.Wanted));
        await answering;
    }

    [Theory, ClassData(typeof(NatsVersions))]
    public async Task Request_WithNobodyThere_IsToldSoAtOnce(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var link = await Links.ConnectAsync(NatsOptions.For(server.Url) with { JetStream = new() { RequestTimeout = TimeSpan.FromHours(1) } });

        (await link.AskAsync("nobody")).Status.ShouldBe(ReplyStatus.NoResponders);
    }

    [Fact]
    public async Task Request_WithASilentResponder_TimesOut()
    {
        await using var server = await NatsServer.StartAsync();
        await using var link = await Links.ConnectAsync(NatsOptions.For(server.Url) with { JetStream = new() { RequestTimeout = TimeSpan.FromMilliseconds(50) } });
        await using var silent = await link.SubscribeAsync("silent", 16, Links.Test);

        (await link.AskAsync("silent")).Status.ShouldBe(ReplyStatus.TimedOut);
    }

    [Fact]
    public async Task Request_Cancelled_Throws()
    {
        await using var server = await NatsServer.StartAsync();
        await using var link = await Links.ConnectAsync(server);
        await using var silent = await link.SubscribeAsync("silent", 16, Links.Test);
        using var cancellation = new CancellationTokenSource();
        var pending = link.AskAsync("silent", cancellationToken: cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(pending);
        await Should.ThrowAsync<OperationCanceledException>(async () => await link.AskAsync("silent", cancellationToken: cancellation.Token));
    }

    [Theory, ClassData(typeof(NatsVersions))]
    public async Task Publish_BeyondTheServersLimit_IsTooLargeAndHarmless(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var link = await Links.ConnectAsync(server);
        await using var subscription = await link.SubscribeAsync("size", 16, Links.Test);
        var largest = new byte[1024 * 1024];

        (await link.PublishAsync("size", new byte[largest.Length + 1], null, Links.Test)).ShouldBe(PublishOutcome.TooLarge);
        (await link.PublishAsync("size", largest, new NatsHeaders { ["One"] = "more" }, Links.Test)).ShouldBe(PublishOutcome.TooLarge);
        (await link.AskAsync("size", new string('x', largest.Length + 1))).Status.ShouldBe(ReplyStatus.TooLarge);
        (await link.PublishAsync("size", largest, null, Links.Test)).ShouldBe(PublishOutcome.Sent);

        (await Links.NextAsync(subscription)).Payload.Length.ShouldBe(largest.Length);
        link.Link.Connects.ShouldBe(1);
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
        await using var link = Links.New(NatsOptions.For("nats://127.0.0.1:1"));

        await Should.ThrowAsync<ArgumentException>(async () => await link.SendAsync(subject));
        await Should.ThrowAsync<ArgumentException>(async () => await link.SubscribeAsync(subject, 1, Links.Test));
    }
}
