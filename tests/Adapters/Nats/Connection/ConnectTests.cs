using System.Text.Json.Nodes;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

/// <summary>First connects that fail, against a server that the test plays by hand.</summary>
public sealed class ConnectTests
{
    [Fact]
    public async Task Connect_WithNobodyThere_IsUnreachable()
    {
        var url = $"nats://127.0.0.1:{FreePort.Next()}";

        var failure = await FailAsync(NatsOptions.For(url));

        failure.Kind.ShouldBe(ConnectFailure.Unreachable);
        failure.Message.ShouldContain(url);
        failure.Message.ShouldContain("refused");
    }

    [Fact]
    public async Task Connect_ToAUnknownName_IsUnreachable() =>
        (await FailAsync(NatsOptions.For("nats://no-such-host.invalid:4222"))).Kind.ShouldBe(ConnectFailure.Unreachable);

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", ConnectFailure.Protocol, "no NATS server")]
    [InlineData("SSH-2.0-OpenSSH_9.2p1\r\n", ConnectFailure.Protocol, "no NATS server")]
    [InlineData("PING\r\n", ConnectFailure.Protocol, "no INFO")]
    [InlineData("INFO {]\r\n", ConnectFailure.Busy, "in time")]
    [InlineData("INFO {}\r\n-ERR 'Authorization Violation'\r\n", ConnectFailure.Refused, "Authorization Violation")]
    [InlineData("INFO {}\r\n-ERR 'User Authentication Expired'\r\n", ConnectFailure.Refused, "Expired")]
    [InlineData("INFO {}\r\n-ERR 'maximum connections exceeded'\r\n", ConnectFailure.Busy, "maximum connections")]
    [InlineData("INFO {}\r\n-ERR 'Authentication Timeout'\r\n", ConnectFailure.Busy, "in time")]
    [InlineData("INFO {}\r\n-ERR 'Secure Connection - TLS Required'\r\n", ConnectFailure.Tls, "demands TLS")]
    [InlineData("INFO {}\r\nMSG a 1 99999999999\r\nx\r\n", ConnectFailure.Protocol, "no NATS server")]
    public async Task Connect_ToWhatIsNoFriendlyServer_SaysWhy(string says, ConnectFailure kind, string words)
    {
        using var server = new FakeServer();
        var connecting = FailAsync(NatsOptions.For(server.Url) with { ConnectTimeout = TimeSpan.FromSeconds(2) });
        using var peer = await server.AcceptAsync();
        await peer.SendAsync(says);

        var failure = await connecting;

        failure.Kind.ShouldBe(kind);
        failure.Message.ShouldContain(words);
        failure.Message.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task Connect_ToAServerThatCloses_IsUnreachable()
    {
        using var server = new FakeServer();
        var connecting = FailAsync(NatsOptions.For(server.Url));
        (await server.AcceptAsync()).Dispose();

        (await connecting).Kind.ShouldBe(ConnectFailure.Unreachable);
    }

    [Fact]
    public async Task Connect_ToAServerThatSaysNothing_EndsInTime()
    {
        using var server = new FakeServer();
        var connecting = FailAsync(NatsOptions.For(server.Url) with { ConnectTimeout = TimeSpan.FromMilliseconds(100) });
        using var peer = await server.AcceptAsync();

        (await connecting).Message.ShouldContain("in time");
        (await peer.ClosesAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Connect_WithTlsDemanded_RefusesAServerWithout()
    {
        using var server = new FakeServer();
        var connecting = FailAsync(NatsOptions.For(server.Url.Replace("nats:", "tls:", StringComparison.Ordinal)));
        using var peer = await server.AcceptAsync();
        await peer.SendAsync("INFO {}\r\n");

        (await connecting).Kind.ShouldBe(ConnectFailure.Tls);
        (await peer.TryReadLineAsync()).ShouldBeNull("no password may be said");
    }

    [Fact]
    public async Task Connect_WithAKeyAndNoChallenge_RefusesToGoOn()
    {
        using var server = new FakeServer();
        using var pair = NKeyPair.Create(NKeyKind.User);
        var connecting = FailAsync(NatsOptions.For(server.Url) with { Login = new NatsLogin.NKey(pair) });
        using var peer = await server.AcceptAsync();
        await peer.SendAsync("INFO {}\r\n");

        (await connecting).Kind.ShouldBe(ConnectFailure.Credentials);
    }

    [Fact]
    public async Task Connect_WithAProviderThatThrows_SaysWhatItSaid()
    {
        using var server = new FakeServer();
        var login = new NatsLogin.FreshToken(_ => throw new IOException("the token file is gone"));
        var connecting = FailAsync(NatsOptions.For(server.Url) with { Login = login });
        using var peer = await server.AcceptAsync();
        await peer.SendAsync("INFO {}\r\n");

        var failure = await connecting;

        failure.Kind.ShouldBe(ConnectFailure.Credentials);
        failure.Message.ShouldContain("the token file is gone");
    }

    [Fact]
    public async Task Connect_AfterAFailure_MayBeTriedAgain_AndUsesTheSecondServer()
    {
        using var server = new FakeServer();
        await using var connection = Links.New(new() { Servers = [new($"nats://127.0.0.1:{FreePort.Next()}"), new(server.Url)] });
        var first = connection.ConnectAsync(Links.Test);
        (await server.AcceptAsync()).Dispose();
        await Should.ThrowAsync<NatsConnectException>(first);
        connection.Link.IsUp.ShouldBeFalse();

        var second = connection.ConnectAsync(Links.Test);
        using var peer = await server.WelcomeAsync();
        await second;

        connection.Link.IsUp.ShouldBeTrue();
        await Should.ThrowAsync<InvalidOperationException>(() => connection.ConnectAsync(Links.Test));
    }

    [Fact]
    public async Task Connect_Cancelled_Throws()
    {
        using var server = new FakeServer();
        using var cancellation = new CancellationTokenSource();
        await using var connection = Links.New(NatsOptions.For(server.Url));
        var connecting = connection.ConnectAsync(cancellation.Token);
        using var peer = await server.AcceptAsync();

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(connecting);
        (await peer.ClosesAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Connect_SaysWhatTheProtocolAsksFor()
    {
        using var server = new FakeServer();
        await using var connection = Links.New(NatsOptions.For(server.Url) with { Name = "fleet \"x\"", Login = new NatsLogin.Password("me", "hunter2") });
        var connecting = connection.ConnectAsync(Links.Test);
        using var peer = await server.AcceptAsync();

        var connect = await peer.WelcomeAsync();

        await connecting;
        var said = JsonNode.Parse(connect["CONNECT ".Length..])!;
        ((string?)said["name"], (string?)said["user"], (string?)said["pass"]).ShouldBe(("fleet \"x\"", "me", "hunter2"));
        ((bool)said["echo"]!, (bool)said["headers"]!, (bool)said["no_responders"]!, (bool)said["verbose"]!).ShouldBe((true, true, true, false));
    }

    [Theory]
    [InlineData("http://h:1")]
    [InlineData("nats://user:hunter2@h:4222")]
    [InlineData("wss://user:hunter2@h:443")]
    [InlineData("relative")]
    public void Options_WithAnAddressThatIsNone_AreRefusedWithoutShowingSecrets(string url)
    {
        var options = new NatsOptions { Servers = [new(url, UriKind.RelativeOrAbsolute)] };

        Should.Throw<ArgumentException>(() => Links.New(options)).Message.ShouldNotContain("hunter2");
    }

    [Fact]
    public void Options_WithSeveralProblems_TellThemAll()
    {
        var options = new NatsOptions { Servers = [], InboxPrefix = "a.*", PingInterval = TimeSpan.Zero, BufferBytes = 1, ReconnectCap = TimeSpan.Zero };

        options.Problems().Length.ShouldBe(5);
        (options with { Login = new NatsLogin.Token("hunter2") }).ToString().ShouldNotContain("hunter2");
    }

    [Fact]
    public void Options_WithAPlainWebSocketAndAnAuthority_AreRefused() =>
        (NatsOptions.For("ws://h:80") with { CaFile = "ca.pem" }).Problems().ShouldHaveSingleItem().ShouldContain("wss://");

    private static async Task<NatsConnectException> FailAsync(NatsOptions options)
    {
        await using var connection = Links.New(options with { Login = options.Login is NatsLogin.Anonymous ? new NatsLogin.Password("me", "hunter2") : options.Login });
        var failure = await Should.ThrowAsync<NatsConnectException>(() => connection.ConnectAsync(Links.Test));
        connection.Link.IsUp.ShouldBeFalse();
        return failure;
    }
}
