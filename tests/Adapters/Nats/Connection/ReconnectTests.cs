using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

/// <summary>What happens when a connection is lost, against a server that the test plays by hand.</summary>
public sealed class ReconnectTests
{
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Start_WithNobodyThere_KeepsTryingWithoutHammering()
    {
        var time = new ManualTime();
        var options = NatsOptions.For($"nats://127.0.0.1:{FreePort.Next()}") with { JitterSeed = 3, ConnectTimeout = TimeSpan.FromHours(1) };
        await using var connection = Nats.New(options, time);
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
    public async Task Lost_WithSubscriptionsAndRequests_FailsTheRequestsAndSubscribesAgainBeforeTheLinkIsUp()
    {
        using var server = new FakeServer();
        await using var connection = Nats.New(NatsOptions.For(server.Url));
        connection.Start();
        NatsSubscription subscription;
        ValueTask<RequestOutcome> pending;
        using (var first = await server.WelcomeAsync())
        {
            await Nats.LinkAsync(connection, up: true);
            var subscribing = connection.SubscribeAsync("news.>", "group", 8, Nats.Test);
            (await first.ReadLineAsync()).ShouldBe("SUB news.> group 2");
            await first.ReadUntilAsync("PING");
            await first.SendAsync("PONG\r\n");
            subscription = await subscribing;
            pending = connection.RequestAsync("question", default, null, Timeout.InfiniteTimeSpan, Nats.Test);
            await first.ReadUntilAsync("PUB question");
        }

        (await pending).Status.ShouldBe(RequestStatus.LinkDown);

        using var second = await server.AcceptAsync();
        connection.Link.IsUp.ShouldBeFalse();
        (await connection.PublishAsync("a", default, cancellationToken: Nats.Test)).ShouldBe(PublishOutcome.LinkDown);
        (await connection.RequestAsync("a", default, null, Nats.Patience, Nats.Test)).Status.ShouldBe(RequestStatus.LinkDown);
        (await connection.FlushAsync(Nats.Test)).ShouldBeFalse();
        await using var meanwhile = await connection.SubscribeAsync("later", null, 8, Nats.Test);
        await second.WelcomeAsync();
        second.Subscriptions.Order().ShouldBe(["SUB later 3", "SUB news.> group 2"]);
        await Nats.LinkAsync(connection, up: true);
        connection.Link.Connects.ShouldBe(2);
        await second.SendAsync("MSG news.one 2 2\r\nhi\r\n");
        (await Nats.NextAsync(subscription)).Subject.ShouldBe("news.one");
        var request = connection.RequestAsync("question", default, null, Timeout.InfiniteTimeSpan, Nats.Test);
        (await second.ReadLineAsync()).ShouldStartWith("SUB _INBOX.", customMessage: "a new session must be told of the inbox");
        var reply = (await second.ReadLineAsync()).Split(' ')[2];
        await second.SendAsync($"MSG {reply} 1 3\r\nyes\r\n");
        Nats.Text((await request).Message).ShouldBe("yes");
    }

    [Fact]
    public async Task LinkChanges_OverALoss_TellEachState()
    {
        using var server = new FakeServer();
        await using var connection = Nats.New(NatsOptions.For(server.Url));
        await using var changes = connection.LinkChangesAsync(Nats.Test).GetAsyncEnumerator(Nats.Test);
        (await changes.MoveNextAsync()).ShouldBeTrue();
        changes.Current.ShouldBe(new LinkState(false, 0, "not started"));

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
        await using var connection = Nats.New(NatsOptions.For(server.Url), time);
        connection.Start();
        using var peer = await server.WelcomeAsync();
        await Nats.LinkAsync(connection, up: true);

        for (var ping = 0; ping < 2; ping++)
        {
            await AdvanceToPingAsync(time);
            (await peer.ReadLineAsync()).ShouldBe("PING");
        }

        connection.Link.IsUp.ShouldBeTrue();
        await AdvanceToPingAsync(time);

        await Nats.LinkAsync(connection, up: false);
        connection.Link.Detail.ShouldContain("2 pings without answer");
        (await peer.ClosesAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Pings_WithAnswers_KeepTheSession()
    {
        var time = new ManualTime();
        using var server = new FakeServer();
        await using var connection = Nats.New(NatsOptions.For(server.Url), time);
        connection.Start();
        using var peer = await server.WelcomeAsync();
        await Nats.LinkAsync(connection, up: true);
        for (var ping = 0; ping < 10; ping++)
        {
            await AdvanceToPingAsync(time);
            (await peer.ReadLineAsync()).ShouldBe("PING");
            await peer.SendAsync("PONG\r\nPING\r\n");
            (await peer.ReadLineAsync()).ShouldBe("PONG");
        }

        connection.Link.ShouldBe(connection.Link with { IsUp = true, Connects = 1 });
    }

    [Fact]
    public async Task Flushes_ThatJustBegan_AreNoSignOfADeadPeer()
    {
        var time = new ManualTime();
        using var server = new FakeServer();
        await using var connection = Nats.New(NatsOptions.For(server.Url), time);
        connection.Start();
        using var peer = await server.WelcomeAsync();
        await Nats.LinkAsync(connection, up: true);
        var flushes = Enumerable.Range(0, 5).Select(_ => connection.FlushAsync(Nats.Test).AsTask()).ToList();

        await AdvanceToPingAsync(time);

        for (var ping = 0; ping < 6; ping++)
        {
            (await peer.ReadLineAsync()).ShouldBe("PING");
            await peer.SendAsync("PONG\r\n");
        }

        (await Task.WhenAll(flushes)).ShouldAllBe(flushed => flushed);
        connection.Link.IsUp.ShouldBeTrue();
    }

    [Fact]
    public async Task Transport_OnLinux_LetsTheKernelNoticeAHalfOpenConnection()
    {
        using var server = new FakeServer();

        using var transport = await Transport.ConnectAsync(new(server.Url), NatsOptions.For(server.Url).UnacknowledgedTimeout, Nats.Test);

        transport.UnacknowledgedTimeout.ShouldBe(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Session_FedWithMutatedStreams_AlwaysComesBack()
    {
        using var server = new FakeServer();
        var options = NatsOptions.For(server.Url) with { ReconnectMin = TimeSpan.FromMilliseconds(1), ReconnectCap = TimeSpan.FromMilliseconds(1) };
        await using var connection = Nats.New(options);
        await using var subscription = await connection.SubscribeAsync("a.>", null, 64, Nats.Test);
        connection.Start();
        var stream = Nats.Bytes("MSG a.b 2 re 5\r\nhello\r\nHMSG a.c 2 18 20\r\nNATS/1.0\r\nA: b\r\n\r\nhi\r\nMSG i 1 1\r\nx\r\nINFO {\"ldm\":true}\r\nPING\r\n-ERR 'Invalid Subject'\r\n");
        for (var seed = 0; seed < 300; seed++)
        {
            using var peer = await WelcomeAsync(seed);
            await peer.SendAsync(Protocol.Mutation.Of(stream, new Random(seed)));
        }

        using var last = await server.WelcomeAsync();
        while (subscription.TryRead(out _))
        {
        }

        await last.SendAsync("MSG a.z 2 4\r\nlast\r\n");
        Nats.Text(await Nats.NextAsync(subscription)).ShouldBe("last");

        async Task<FakePeer> WelcomeAsync(int seed)
        {
            try
            {
                return await server.WelcomeAsync();
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"Seed {seed}: the client did not come back; pending: {server.Pending}; its link: {connection.Link}", late);
            }
        }
    }

    [Theory]
    [InlineData("-ERR 'User Authentication Expired'\r\n", "User Authentication Expired")]
    [InlineData("-ERR 'Stale Connection'\r\n", "Stale Connection")]
    [InlineData("-ERR 'words of the future'\r\n", "words of the future")]
    [InlineData("MSG a 2 99999999999\r\n", "broke the protocol")]
    [InlineData("HTTP/1.1 200 OK\r\n", "broke the protocol")]
    [InlineData("PONG\r\n", "never sent")]
    [InlineData("INFO {\"max_payload\":\r\n", "INFO")]
    public async Task Session_WithWhatCannotGoOn_EndsWithTheReasonAndBeginsAnew(string sent, string reason)
    {
        using var server = new FakeServer();
        var asked = 0;
        using var pair = NKeyPair.Create(NKeyKind.User);
        var login = new NatsLogin.Jwt(_ => new($"jwt{++asked}"), pair);
        await using var connection = Nats.New(NatsOptions.For(server.Url) with { Login = login });
        await using var changes = connection.LinkChangesAsync(Nats.Test).GetAsyncEnumerator(Nats.Test);
        connection.Start();
        using var peer = await server.AcceptAsync();
        (await peer.WelcomeAsync(",\"nonce\":\"n1\"")).ShouldContain("\"jwt\":\"jwt1\"");
        await Nats.LinkAsync(connection, up: true);

        await peer.SendAsync(sent);

        var link = connection.Link;
        while (link.IsUp || !link.Detail.Contains(reason, StringComparison.Ordinal))
        {
            (await changes.MoveNextAsync()).ShouldBeTrue();
            link = changes.Current;
        }

        (await peer.ClosesAsync()).ShouldBeTrue();
        using var again = await server.AcceptAsync();
        (await again.WelcomeAsync(",\"nonce\":\"n2\"")).ShouldContain("\"jwt\":\"jwt2\"");
        await Nats.LinkAsync(connection, up: true);
    }

    [Fact]
    public async Task PingFlood_WithoutReading_EndsTheSessionInsteadOfGrowing()
    {
        using var server = new FakeServer();
        await using var connection = Nats.New(NatsOptions.For(server.Url) with { OutgoingBufferBytes = 4096 });
        connection.Start();
        using var peer = await server.WelcomeAsync();
        await Nats.LinkAsync(connection, up: true);
        var pings = string.Concat(Enumerable.Repeat("PING\r\n", 10_000));

        // Nobody reads the answers: once the kernel's buffers are full, ours fills, and that is the end.
        await Should.ThrowAsync<System.Net.Sockets.SocketException>(async () =>
        {
            for (var flood = 0; flood < 2000; flood++)
            {
                await peer.SendAsync(pings);
            }
        });

        using var again = await server.WelcomeAsync();
        await Nats.LinkAsync(connection, up: true);
        connection.Link.Connects.ShouldBe(2);
    }

    [Fact]
    public async Task LameDuck_WithAnotherServer_MovesThereAtOnce()
    {
        using var leaving = new FakeServer();
        using var staying = new FakeServer();
        await using var connection = Nats.New(new() { Servers = [new(leaving.Url), new(staying.Url)] });
        connection.Start();
        using var first = await leaving.WelcomeAsync();
        await Nats.LinkAsync(connection, up: true);

        await first.SendAsync("INFO {\"version\":\"2.99.0\",\"max_payload\":1048576,\"ldm\":true}\r\n");
        (await first.ReadLineAsync()).ShouldBe("PING", "what is still to be sent goes out first");
        await first.SendAsync("PONG\r\n");

        (await first.ClosesAsync()).ShouldBeTrue();
        using var second = await staying.WelcomeAsync();
        await Eventually.HoldsAsync(() => connection.Link is { IsUp: true, Connects: 2 }, "it moved");
    }

    [Fact]
    public async Task LameDuck_WithNoOtherServer_StaysUntilItIsClosed()
    {
        using var server = new FakeServer();
        await using var connection = Nats.New(NatsOptions.For(server.Url));
        connection.Start();
        using (var peer = await server.WelcomeAsync())
        {
            await Nats.LinkAsync(connection, up: true);
            await peer.SendAsync("INFO {\"version\":\"2.99.0\",\"max_payload\":64,\"ldm\":true}\r\nPING\r\n");
            (await peer.ReadLineAsync()).ShouldBe("PONG");
            connection.Link.IsUp.ShouldBeTrue();
            connection.Server!.LameDuck.ShouldBeTrue();
            (await connection.PublishAsync("a", new byte[65], cancellationToken: Nats.Test)).ShouldBe(PublishOutcome.TooLarge, "the new INFO counts");
        }

        using var again = await server.WelcomeAsync();
        await Eventually.HoldsAsync(() => connection.Link is { IsUp: true, Connects: 2 }, "it came back");
    }

    [Fact]
    public async Task Dispose_InEveryState_EndsEverything()
    {
        using var server = new FakeServer();
        await Nats.New(NatsOptions.For(server.Url)).DisposeAsync();

        var trying = Nats.New(NatsOptions.For($"nats://127.0.0.1:{FreePort.Next()}"));
        trying.Start();
        await trying.DisposeAsync();
        (trying.Link.IsUp, trying.Link.Detail).ShouldBe((false, "disposed"));

        var connecting = Nats.New(NatsOptions.For(server.Url));
        connecting.Start();
        using var silent = await server.AcceptAsync();
        await connecting.DisposeAsync();
        (await silent.ClosesAsync()).ShouldBeTrue();

        var connected = Nats.New(NatsOptions.For(server.Url) with { DisposeWait = TimeSpan.FromMilliseconds(50) });
        connected.Start();
        using var peer = await server.WelcomeAsync();
        await Nats.LinkAsync(connected, up: true);
        var reading = connected.SubscribeAsync("a", null, 1, Nats.Test);
        await peer.ReadUntilAsync("SUB a");
        await connected.PublishAsync("last.words", default, cancellationToken: Nats.Test);
        var pending = connected.RequestAsync("q", default, null, Timeout.InfiniteTimeSpan, Nats.Test);

        await connected.DisposeAsync();
        await connected.DisposeAsync();

        (await pending).Status.ShouldBe(RequestStatus.LinkDown);
        (await (await reading).WaitToReadAsync(Nats.Test)).ShouldBeFalse();
        await peer.ReadUntilAsync("PUB last.words");
        (await peer.ClosesAsync()).ShouldBeTrue();
        (await connected.PublishAsync("a", default, cancellationToken: Nats.Test)).ShouldBe(PublishOutcome.LinkDown);
        Should.Throw<ObjectDisposedException>(connected.Start);
    }

    /// <summary>The ping timer is the only one that is due within its interval and not sooner.</summary>
    private static async Task AdvanceToPingAsync(ManualTime time)
    {
        await Eventually.HoldsAsync(() => time.Dues.Any(due => due <= TimeSpan.FromSeconds(45)), "a ping is due");
        time.Advance(TimeSpan.FromSeconds(45));
    }
}
