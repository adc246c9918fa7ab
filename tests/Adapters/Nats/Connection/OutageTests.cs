using System.Text.Json.Nodes;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

/// <summary>The real server going away and coming back, and readers that cannot keep up with it.</summary>
[Trait("Category", "Integration")]
public sealed class OutageTests
{
    [Theory, ClassData(typeof(NatsVersions))]
    public async Task Server_KilledAndRestarted_MessagesFlowAgain(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var connection = await Nats.ConnectAsync(server);
        await using var plain = await connection.SubscribeAsync("plain", null, 8, Nats.Test);
        await using var wild = await connection.SubscribeAsync("wild.*", "group", 8, Nats.Test);
        await using var silent = await connection.SubscribeAsync("silent", null, 8, Nats.Test);
        var pending = connection.RequestAsync("silent", default, null, Timeout.InfiniteTimeSpan, Nats.Test);

        await server.KillAsync();

        (await pending).Status.ShouldBe(RequestStatus.LinkDown);
        await Nats.LinkAsync(connection, up: false);
        (await connection.PublishAsync("plain", default, cancellationToken: Nats.Test)).ShouldBe(PublishOutcome.LinkDown);
        await using var born = await connection.SubscribeAsync("born.meanwhile", null, 8, Nats.Test);

        await server.RestartAsync();
        await Nats.LinkAsync(connection, up: true);

        await connection.PublishAsync("plain", Nats.Bytes("1"), cancellationToken: Nats.Test);
        await connection.PublishAsync("wild.x", Nats.Bytes("2"), cancellationToken: Nats.Test);
        await connection.PublishAsync("born.meanwhile", Nats.Bytes("3"), cancellationToken: Nats.Test);
        Nats.Text(await Nats.NextAsync(plain)).ShouldBe("1");
        Nats.Text(await Nats.NextAsync(wild)).ShouldBe("2");
        Nats.Text(await Nats.NextAsync(born)).ShouldBe("3");
        connection.Link.Connects.ShouldBe(2);
    }

    [Fact]
    public async Task Start_BeforeTheServerIsThere_ComesUpWithIt()
    {
        await using var server = await NatsServer.StartAsync();
        await server.KillAsync();
        await using var connection = Nats.New(NatsOptions.For(server.Url));
        connection.Start();
        await using var subscription = await connection.SubscribeAsync("a", null, 8, Nats.Test);
        await Eventually.HoldsAsync(() => connection.Link.Detail.Contains("cannot be reached", StringComparison.Ordinal), "it says why");

        await server.RestartAsync();

        await Nats.LinkAsync(connection, up: true);
        await connection.PublishAsync("a", default, cancellationToken: Nats.Test);
        (await Nats.NextAsync(subscription)).Subject.ShouldBe("a");
    }

    [Fact]
    public async Task Server_ThatHangs_IsNoticedByItsSilence()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = await Nats.ConnectAsync(NatsOptions.For(server.Url) with { PingInterval = TimeSpan.FromMilliseconds(100), ConnectTimeout = TimeSpan.FromMilliseconds(500) });

        server.Pause();
        try
        {
            await Nats.LinkAsync(connection, up: false);
        }
        finally
        {
            server.Resume();
        }

        await Nats.LinkAsync(connection, up: true);
        connection.Link.Connects.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Reader_ThatIsSlow_LosesTheNewestAndKnowsIt_AndHoldsUpNobody()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = await Nats.ConnectAsync(server);
        await using var slow = await connection.SubscribeAsync("much", null, 100, Nats.Test);
        await using var quick = await connection.SubscribeAsync("much", null, 10_000, Nats.Test);

        for (var i = 0; i < 10_000; i++)
        {
            await connection.PublishAsync("much", Nats.Bytes($"{i}"), cancellationToken: Nats.Test);
        }

        for (var i = 0; i < 10_000; i++)
        {
            Nats.Text(await Nats.NextAsync(quick)).ShouldBe($"{i}");
        }

        slow.Dropped.ShouldBe(9_900);
        quick.Dropped.ShouldBe(0);
        Nats.Text(await Nats.NextAsync(slow)).ShouldBe("0");
        await connection.PublishAsync("much", Nats.Bytes("now there is room"), cancellationToken: Nats.Test);
        (await Nats.NextAsync(quick)).Payload.Length.ShouldBePositive();
        slow.Dropped.ShouldBe(9_900);
        connection.Link.Connects.ShouldBe(1);
    }

    [Fact]
    public async Task Reader_ThatIsSlow_HoldsNoMoreBytesThanItMay()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = await Nats.ConnectAsync(NatsOptions.For(server.Url) with { SubscriptionBytes = 10 * (1000 + "large".Length) });
        await using var slow = await connection.SubscribeAsync("large", null, 1000, Nats.Test);

        for (var i = 0; i < 20; i++)
        {
            await connection.PublishAsync("large", new byte[1000], cancellationToken: Nats.Test);
        }

        (await connection.FlushAsync(Nats.Test)).ShouldBeTrue();
        slow.Dropped.ShouldBe(10);
        await Nats.NextAsync(slow);
        await connection.PublishAsync("large", new byte[1000], cancellationToken: Nats.Test);
        (await connection.FlushAsync(Nats.Test)).ShouldBeTrue();
        slow.Dropped.ShouldBe(10);
    }

    [Fact]
    public async Task Connections_MadeAndEndedManyTimes_LeaveNoneAtTheServer()
    {
        var monitor = FreePort.Next();
        await using var server = await NatsServer.StartAsync(NatsVersions.Newest, site => NatsServer.JetStreamConfig(site) + $"http: \"127.0.0.1:{monitor}\"\n");
        for (var i = 0; i < 50; i++)
        {
            await using var connection = await Nats.ConnectAsync(server);
            await connection.PublishAsync("a", default, cancellationToken: Nats.Test);
        }

        await using var last = await Nats.ConnectAsync(server);
        using var http = new HttpClient();
        await Eventually.HoldsAsync(
            async () => JsonNode.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{monitor}/varz"), Nats.Test))!["connections"]!.GetValue<int>() == 1,
            "the last connection is the only one");
        last.Server!.ClientId.ShouldBeGreaterThan(50UL);
    }
}
