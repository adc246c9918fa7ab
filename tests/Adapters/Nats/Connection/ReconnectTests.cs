using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging.Testing;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

/// <summary>What happens when a connection is lost, against a server that the test plays by hand.</summary>
public sealed class ReconnectTests
{
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(45);

    [Fact]
    public async Task Start_WithNobodyThere_KeepsTryingWithoutHammering()
    {
        var time = new ManualTime();
        var options = NatsOptions.For($"nats://127.0.0.1:{FreePort.Next()}") with { JitterSeed = 3, ConnectTimeout = TimeSpan.FromHours(1) };
        await using var connection = Links.New(options, time);
        var waits = new List<TimeSpan>();
        TimeSpan? Wait() => time.Dues.Where(due => due <= Cap).Cast<TimeSpan?>().SingleOrDefault();

        connection.Start();
        for (var attempt = 0; attempt < 12; attempt++)
        {
            await Eventually.HoldsAsync(() => Wait() is not null, "it waits");
            connection.Link.Detail.ShouldContain("cannot be reached");
            waits.Add(Wait()!.Value);
            time.Advance(waits[^1]);
        }

        connection.Link.IsUp.ShouldBeFalse();
        var ceiling = TimeSpan.FromMilliseconds(100);
        foreach (var wait in waits)
        {
            wait.ShouldBeLessThanOrEqualTo(ceiling);
            ceiling = ceiling * 2 > Cap ? Cap : ceiling * 2;
        }

        waits.Distinct().Count().ShouldBe(waits.Count, "each wait is drawn anew");
    }

    [Fact]
    public async Task Start_WithNobodyThereForHours_TellsTheReasonOnceAnHour()
    {
        var (time, log) = (new ManualTime(), new FakeLogger());
        var rare = TimeSpan.FromMinutes(20);
        var options = NatsOptions.For($"nats://127.0.0.1:{FreePort.Next()}") with { JitterSeed = 3, ReconnectMin = rare, ReconnectCap = rare, ConnectTimeout = TimeSpan.FromDays(1) };
        await using var connection = Links.New(options, time, log);
        TimeSpan? Wait() => time.Dues.Where(due => due <= rare).Cast<TimeSpan?>().SingleOrDefault();

        var start = time.GetTimestamp();
        connection.Start();
        for (var attempt = 0; attempt < 40; attempt++)
        {
            await Eventually.HoldsAsync(() => Wait() is not null, "it waits");
            time.Advance(Wait()!.Value);
        }

        var told = log.Collector.GetSnapshot().Where(line => line.Message.Contains("No connection to NATS", StringComparison.Ordinal)).ToArray();
        told.Length.ShouldBeInRange(3, (int)time.GetElapsedTime(start).TotalHours + 1);
    }

    [Fact]
    public async Task Denied_WhileConnectingAgain_IsTold()
    {
        using var server = new FakeServer();
        var log = new FakeLogger();
        await using var link = Links.New(Patient(server), logger: log);
        link.Start();
        using (await server.WelcomeAsync())
        {
            await Links.LinkAsync(link, up: true);
        }

        await using var subscription = await link.SubscribeAsync("secret", 8, Links.Test);
        using var second = await server.AcceptAsync();
        await second.WelcomeAsync(complaint: "-ERR 'Permissions Violation for Subscription to \"secret\"'\r\n");
        await Links.LinkAsync(link, up: true);
        await Eventually.HoldsAsync(() => log.Collector.GetSnapshot().Any(line => line.Message.Contains("\"secret\"", StringComparison.Ordinal)), "it is told");
    }

    [Fact]
    public async Task Lost_WithSubscriptionsAndRequests_FailsTheRequestsAndSubscribesAgainBeforeTheLinkIsUp()
    {
        using var server = new FakeServer();
        await using var link = Links.New(Patient(server));
        link.Start();
        Subscription subscription;
        ValueTask<Reply<byte[]>> pending;
        using (var first = await server.WelcomeAsync())
        {
            await Links.LinkAsync(link, up: true);
            var subscribing = link.SubscribeAsync("news.>", 8, Links.Test);
            (await first.ReadLineAsync()).ShouldStartWith("SUB news.> ");
            await first.ReadUntilAsync("PING");
            await first.SendAsync("PONG\r\n");
            subscription = await subscribing;
            pending = link.AskAsync("question");
            await first.ReadUntilAsync("PUB question");
        }

        (await pending).Status.ShouldBe(ReplyStatus.LinkDown);

        using var second = await server.AcceptAsync();
        link.Link.IsUp.ShouldBeFalse();
        (await link.SendAsync("a")).ShouldBe(PublishOutcome.LinkDown);
        (await link.AskAsync("a")).Status.ShouldBe(ReplyStatus.LinkDown);
        (await link.FlushAsync(Links.Test)).ShouldBeFalse();
        await using var meanwhile = await link.SubscribeAsync("later", 8, Links.Test);
        await second.WelcomeAsync();
        second.Subscriptions.Select(line => line.Split(' ')[1]).Where(subject => !subject.StartsWith("_INBOX", StringComparison.Ordinal))
            .Order().ShouldBe(["later", "news.>"]);
        await Links.LinkAsync(link, up: true);
        link.Link.Connects.ShouldBe(2);
        await second.SendAsync($"MSG news.one {second.SidOf("news.>")} 2\r\nhi\r\n");
        (await Links.NextAsync(subscription)).Subject.ShouldBe("news.one");
        var request = link.AskAsync("question");
        var reply = (await second.ReadUntilAsync("PUB question")).Split(' ')[2];
        await second.SendAsync($"MSG {reply} {second.InboxSid} 3\r\nyes\r\n");
        Links.Text((await request).Data!).ShouldBe("yes");
    }

    [Fact]
    public async Task Lost_WithMuchThatIsUnsent_SendsNothingOfItLater()
    {
        using var server = new FakeServer();
        await using var link = Links.New(Patient(server) with { PublishWait = TimeSpan.FromMilliseconds(200) });
        link.Start();
        using (await server.WelcomeAsync())
        {
            await Links.LinkAsync(link, up: true);
            var outcome = PublishOutcome.Sent;
            for (var i = 0; outcome == PublishOutcome.Sent && i < 100_000; i++)
            {
                outcome = await link.SendAsync("old", new string('x', 32 * 1024));
            }

            outcome.ShouldBe(PublishOutcome.BufferFull, "nobody reads it");
        }

        using var second = await server.WelcomeAsync();
        await Links.LinkAsync(link, up: true);
        await link.SendAsync("new");
        (await second.ReadLineAsync()).ShouldStartWith("PUB new ");
    }

    [Fact]
    public async Task LinkChanges_OverALoss_TellEachState()
    {
        using var server = new FakeServer();
        await using var connection = Links.New(NatsOptions.For(server.Url));
        await using var changes = connection.LinkChangesAsync(Links.Test).GetAsyncEnumerator(Links.Test);
        (await changes.MoveNextAsync()).ShouldBeTrue();
        changes.Current.ShouldBe(new LinkState(false, 0, "not connected yet"));

        connection.Start();
        using (await server.WelcomeAsync())
        {
            (await changes.MoveNextAsync()).ShouldBeTrue();
            (changes.Current.IsUp, changes.Current.Connects).ShouldBe((true, 1));
            changes.Current.Detail.ShouldContain("2.99.0");
        }

        (await changes.MoveNextAsync()).ShouldBeTrue();
        changes.Current.IsUp.ShouldBeFalse();
        await connection.DisposeAsync();
        while (await changes.MoveNextAsync())
        {
            changes.Current.IsUp.ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Pings_WithoutAnswers_EndTheSession()
    {
        var time = new ManualTime();
        using var server = new FakeServer();
        await using var link = Links.New(NatsOptions.For(server.Url), time);
        link.Start();
        using var peer = await server.WelcomeAsync();
        await Links.LinkAsync(link, up: true);

        await AdvanceAsync(time, Interval);
        (await peer.ReadLineAsync()).ShouldBe("PING");
        link.Link.IsUp.ShouldBeTrue();
        await AdvanceAsync(time, 2 * Interval);

        await Links.LinkAsync(link, up: false);
        link.Link.Detail.ShouldContain("does not answer pings");
        (await peer.ClosesAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Pings_WithAnswers_KeepTheSession()
    {
        var time = new ManualTime();
        using var server = new FakeServer();
        await using var link = Links.New(NatsOptions.For(server.Url), time);
        link.Start();
        using var peer = await server.WelcomeAsync();
        await Links.LinkAsync(link, up: true);
        for (var ping = 0; ping < 10; ping++)
        {
            await AdvanceAsync(time, Interval);
            (await peer.ReadLineAsync()).ShouldBe("PING");
            await peer.SendAsync("PONG\r\nPING\r\n");
            (await peer.ReadLineAsync()).ShouldBe("PONG");
        }

        link.Link.ShouldBe(link.Link with { IsUp = true, Connects = 1 });
    }

    [Fact]
    public async Task Socket_OnLinux_LetsTheKernelNoticeAHalfOpenConnection()
    {
        using var server = new FakeServer();

        using var socket = await ServerSocket.ConnectAsync(new(server.Url), NatsOptions.For(server.Url).UnacknowledgedTimeout, Links.Test);

        TcpSockets.LimitOf(socket.Tcp).ShouldBe(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("-ERR 'User Authentication Expired'\r\n", "User Authentication Expired")]
    [InlineData("-ERR 'Stale Connection'\r\n", "Stale Connection")]
    [InlineData("-ERR 'words of the future'\r\n", "words of the future")]
    [InlineData("MSG a 2 99999999999\r\n", "lost")]
    [InlineData("", "lost")]
    public async Task Session_WithWhatCannotGoOn_EndsWithTheReasonAndBeginsAnewWithAFreshLogin(string sent, string reason)
    {
        using var server = new FakeServer();
        var asked = 0;
        using var pair = NKeyPair.Create(NKeyKind.User);
        var login = new NatsLogin.Jwt(_ => new($"jwt{++asked}"), pair);
        await using var link = Links.New(NatsOptions.For(server.Url) with { Login = login });
        await using var changes = link.LinkChangesAsync(Links.Test).GetAsyncEnumerator(Links.Test);
        link.Start();
        using (var peer = await server.AcceptAsync())
        {
            (await peer.WelcomeAsync(",\"nonce\":\"n1\"")).ShouldContain("\"jwt\":\"jwt1\"");
            await Links.LinkAsync(link, up: true);

            await peer.SendAsync(sent);
        }

        var state = link.Link;
        while (state.IsUp || !state.Detail.Contains(reason, StringComparison.Ordinal))
        {
            (await changes.MoveNextAsync()).ShouldBeTrue();
            state = changes.Current;
        }

        using var again = await server.AcceptAsync();
        (await again.WelcomeAsync(",\"nonce\":\"n2\"")).ShouldContain("\"jwt\":\"jwt2\"");
        await Links.LinkAsync(link, up: true);
    }

    [Fact]
    public async Task LameDuck_WithAnotherServer_MovesThereAtOnce()
    {
        using var leaving = new FakeServer();
        using var staying = new FakeServer();
        await using var link = Links.New(new() { Servers = [new(leaving.Url), new(staying.Url)] });
        link.Start();
        using var first = await leaving.WelcomeAsync();
        await Links.LinkAsync(link, up: true);

        await first.SendAsync("INFO {\"version\":\"2.99.0\",\"max_payload\":1048576,\"ldm\":true}\r\n");
        (await first.ReadLineAsync()).ShouldBe("PING", "what is still to be sent goes out first");
        await first.SendAsync("PONG\r\n");

        (await first.ClosesAsync()).ShouldBeTrue();
        using var second = await staying.WelcomeAsync();
        await Eventually.HoldsAsync(() => link.Link is { IsUp: true, Connects: 2 }, "it moved");
    }

    [Fact]
    public async Task Clients_OfACluster_SpreadOverItAndMoveOver()
    {
        using var one = new FakeServer();
        using var two = new FakeServer();
        FakeServer[] servers = [one, two];
        var begun = new List<Uri>();
        for (var seed = 0; seed < 12; seed++)
        {
            var options = new NatsOptions { Servers = [.. servers.Select(server => new Uri(server.Url))], StartsAnywhere = true, JitterSeed = seed };
            await using var link = Links.New(options);
            link.Start();
            var firsts = servers.Select(server => server.WelcomeAsync()).ToArray();
            var first = await Task.WhenAny(firsts);
            var at = Array.IndexOf(firsts, first);
            begun.Add(options.Servers[at]);
            await Links.LinkAsync(link, up: true);

            (await first).Dispose();
            using var other = await firsts[1 - at];
            await Eventually.HoldsAsync(() => link.Link is { IsUp: true, Connects: 2 }, "it moved");
        }

        begun.GroupBy(server => server).Select(server => server.Count()).ShouldAllBe(count => count >= 3);
        begun.Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task LameDuck_WithNoOtherServer_StaysUntilItIsClosed()
    {
        using var server = new FakeServer();
        await using var link = Links.New(NatsOptions.For(server.Url));
        link.Start();
        using (var peer = await server.WelcomeAsync())
        {
            await Links.LinkAsync(link, up: true);
            await peer.SendAsync("INFO {\"version\":\"2.99.0\",\"max_payload\":64,\"ldm\":true}\r\nPING\r\n");
            (await peer.ReadLineAsync()).ShouldBe("PONG");
            link.Link.IsUp.ShouldBeTrue();
            (await link.SendAsync("a", new string('x', 65))).ShouldBe(PublishOutcome.TooLarge, "the new INFO counts");
        }

        using var again = await server.WelcomeAsync();
        await Eventually.HoldsAsync(() => link.Link is { IsUp: true, Connects: 2 }, "it came back");
    }

    [Fact]
    public async Task Dispose_InEveryState_EndsEverything()
    {
        using var server = new FakeServer();
        await Links.New(NatsOptions.For(server.Url)).DisposeAsync();

        var trying = Links.New(NatsOptions.For($"nats://127.0.0.1:{FreePort.Next()}"));
        trying.Start();
        await trying.DisposeAsync();
        (trying.Link.IsUp, trying.Link.Detail).ShouldBe((false, "disposed"));

        var connecting = Links.New(NatsOptions.For(server.Url));
        connecting.Start();
        using var silent = await server.AcceptAsync();
        await connecting.DisposeAsync();
        (await silent.ClosesAsync()).ShouldBeTrue();

        var connected = Links.New(Patient(server) with { DisposeWait = TimeSpan.FromMilliseconds(50) });
        connected.Start();
        using var peer = await server.WelcomeAsync();
        await Links.LinkAsync(connected, up: true);
        var subscribing = connected.SubscribeAsync("a", 1, Links.Test);
        await peer.ReadUntilAsync("SUB a");
        await connected.SendAsync("last.words");
        var pending = connected.AskAsync("q");

        await connected.DisposeAsync();
        await connected.DisposeAsync();

        (await pending).Status.ShouldBe(ReplyStatus.LinkDown);
        (await (await subscribing).WaitToReadAsync(Links.Test)).ShouldBeFalse();
        await peer.ReadUntilAsync("PUB last.words");
        (await peer.ClosesAsync()).ShouldBeTrue();
        (await connected.SendAsync("a")).ShouldBe(PublishOutcome.LinkDown);
        Should.Throw<ObjectDisposedException>(connected.Start);
    }

    /// <summary>No request of it ends by its own time.</summary>
    private static NatsOptions Patient(FakeServer server) => NatsOptions.For(server.Url) with { JetStream = new() { RequestTimeout = TimeSpan.FromHours(1) } };

    /// <summary>Moves on when a timer is due within that time.</summary>
    private static async Task AdvanceAsync(ManualTime time, TimeSpan by)
    {
        await Eventually.HoldsAsync(() => time.Dues.Any(due => due <= by), "a timer is due");
        time.Advance(by);
    }
}
