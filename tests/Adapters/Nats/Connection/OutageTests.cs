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
        await using var connection = await Links.ConnectAsync(NatsOptions.For(server.Url) with { JetStream = new() { RequestTimeout = TimeSpan.FromHours(1) } });
        await using var plain = await connection.SubscribeAsync("plain", 8, Links.Test);
        await using var wild = await connection.SubscribeAsync("wild.*", 8, Links.Test);
        await using var silent = await connection.SubscribeAsync("silent", 8, Links.Test);
        var pending = connection.AskAsync("silent");

        await server.KillAsync();

        (await pending).Status.ShouldBe(ReplyStatus.LinkDown);
        await Links.LinkAsync(connection, up: false);
        (await connection.SendAsync("plain")).ShouldBe(PublishOutcome.LinkDown);
        await using var born = await connection.SubscribeAsync("born.meanwhile", 8, Links.Test);

        await server.RestartAsync();
        await Links.LinkAsync(connection, up: true);

        await connection.SendAsync("plain", "1");
        await connection.SendAsync("wild.x", "2");
        await connection.SendAsync("born.meanwhile", "3");
        Links.Text(await Links.NextAsync(plain)).ShouldBe("1");
        Links.Text(await Links.NextAsync(wild)).ShouldBe("2");
        Links.Text(await Links.NextAsync(born)).ShouldBe("3");
        connection.Link.Connects.ShouldBe(2);
    }

    [Fact]
    public async Task Start_BeforeTheServerIsThere_ComesUpWithIt()
    {
        await using var server = await NatsServer.StartAsync();
        await server.KillAsync();
        await using var connection = Links.New(NatsOptions.For(server.Url));
        connection.Start();
        await using var subscription = await connection.SubscribeAsync("a", 8, Links.Test);
        await Eventually.HoldsAsync(() => connection.Link.Detail.Contains("cannot be reached", StringComparison.Ordinal), "it says why");

        await server.RestartAsync();

        await Links.LinkAsync(connection, up: true);
        await connection.SendAsync("a");
        (await Links.NextAsync(subscription)).Subject.ShouldBe("a");
    }

    [Fact]
    public async Task Server_ThatHangs_IsNoticedByItsSilence()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = await Links.ConnectAsync(NatsOptions.For(server.Url) with { PingInterval = TimeSpan.FromMilliseconds(100), ConnectTimeout = TimeSpan.FromMilliseconds(500) });

        server.Pause();
        try
        {
            await Links.LinkAsync(connection, up: false);
        }
        finally
        {
            server.Resume();
        }

        await Links.LinkAsync(connection, up: true);
        connection.Link.Connects.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Reader_ThatIsSlow_LosesTheNewestAndKnowsIt_AndHoldsUpNobody()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = await Links.ConnectAsync(server);
        await using var slow = await connection.SubscribeAsync("much", 100, Links.Test);
        await using var quick = await connection.SubscribeAsync("much", 10_000, Links.Test);

        for (var i = 0; i < 10_000; i++)
        {
            await connection.SendAsync("much", $"{i}");
        }

        for (var i = 0; i < 10_000; i++)
        {
            Links.Text(await Links.NextAsync(quick)).ShouldBe($"{i}");
        }

        slow.Dropped.ShouldBe(9_900);
        quick.Dropped.ShouldBe(0);
        Links.Text(await Links.NextAsync(slow)).ShouldBe("0");
        await connection.SendAsync("much", "now there is room");
        (await Links.NextAsync(quick)).Payload.Length.ShouldBePositive();
        slow.Dropped.ShouldBe(9_900);
        connection.Link.Connects.ShouldBe(1);
    }

    [Fact]
    public async Task Reader_ThatIsSlow_HoldsNoMoreBytesThanItMay()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = await Links.ConnectAsync(NatsOptions.For(server.Url) with { SubscriptionBytes = 10 * (1000 + "large".Length) });
        await using var slow = await connection.SubscribeAsync("large", 1000, Links.Test);

        for (var i = 0; i < 20; i++)
        {
            await connection.PublishAsync("large", new byte[1000], null, Links.Test);
        }

        (await connection.FlushAsync(Links.Test)).ShouldBeTrue();
        slow.Dropped.ShouldBe(10);
        await Links.NextAsync(slow);
        await connection.PublishAsync("large", new byte[1000], null, Links.Test);
        (await connection.FlushAsync(Links.Test)).ShouldBeTrue();
        slow.Dropped.ShouldBe(10);
    }

    [Fact]
    public async Task Connections_MadeAndEndedManyTimes_LeaveNoneAtTheServer()
    {
        var monitor = FreePort.Next();
        await using var server = await NatsServer.StartAsync(NatsVersions.Newest, site => NatsServer.JetStreamConfig(site) + $"http: \"127.0.0.1:{monitor}\"\n");
        for (var i = 0; i < 50; i++)
        {
            await using var connection = await Links.ConnectAsync(server);
            await connection.SendAsync("a");
        }

        await using var last = await Links.ConnectAsync(server);
        using var http = new HttpClient();
        await Eventually.HoldsAsync(
            async () => JsonNode.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{monitor}/varz"), Links.Test))!["connections"]!.GetValue<int>() == 1,
            "the last connection is the only one");
        last.Current!.Connection.ServerInfo!.ClientId.ShouldBeGreaterThan(50UL);
    }
}
