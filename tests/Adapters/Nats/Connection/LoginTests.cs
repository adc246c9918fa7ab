using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging.Testing;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

/// <summary>Every way to say who we are, to the real server.</summary>
[Trait("Category", "Integration")]
public sealed class LoginTests
{
    [Theory, ClassData(typeof(NatsVersions))]
    public async Task Password_RightAndWrong_IsAcceptedAndRefused(string version)
    {
        await using var server = await StartAsync(version, "authorization { user: me, password: \"open sesame\" }");

        await AcceptsAsync(server, new NatsLogin.Password("me", "open sesame"));
        await RefusesAsync(server, new NatsLogin.Password("me", "wrong"));
        await RefusesAsync(server, NatsLogin.None);
    }

    [Theory, ClassData(typeof(NatsVersions))]
    public async Task Token_RightAndWrong_IsAcceptedAndRefused(string version)
    {
        await using var server = await StartAsync(version, "authorization { token: \"s3cret\" }");

        await AcceptsAsync(server, new NatsLogin.Token("s3cret"));
        await AcceptsAsync(server, new NatsLogin.FreshToken(_ => new("s3cret")));
        await RefusesAsync(server, new NatsLogin.Token("wrong"));
    }

    [Theory, ClassData(typeof(NatsVersions))]
    public async Task NKey_KnownAndUnknown_IsAcceptedAndRefused(string version)
    {
        using var known = NKeyPair.Create(NKeyKind.User);
        using var unknown = NKeyPair.Create(NKeyKind.User);
        await using var server = await StartAsync(version, $"authorization {{ users: [ {{ nkey: {known.PublicKey} }} ] }}");

        await AcceptsAsync(server, new NatsLogin.NKey(known));
        await RefusesAsync(server, new NatsLogin.NKey(unknown));
    }

    [Theory, ClassData(typeof(NatsVersions))]
    public async Task Jwt_OfATrustedAccount_IsAccepted_AndOthersAreRefused(string version)
    {
        using var issuer = new JwtIssuer();
        using var stranger = new JwtIssuer();
        using var user = NKeyPair.Create(NKeyKind.User);
        using var other = NKeyPair.Create(NKeyKind.User);
        await using var server = await StartAsync(version, issuer.Config);

        await AcceptsAsync(server, new NatsLogin.Jwt(_ => new(issuer.User(user)), user));
        await RefusesAsync(server, new NatsLogin.Jwt(_ => new(stranger.User(user)), user));
        await RefusesAsync(server, new NatsLogin.Jwt(_ => new(issuer.User(user)), other));
        await RefusesAsync(server, new NatsLogin.Jwt(_ => new(issuer.User(user, TimeSpan.FromSeconds(-5))), user));
        await RefusesAsync(server, new NatsLogin.Jwt(_ => new("not.a.jwt"), user));
    }

    [Theory, ClassData(typeof(NatsVersions))]
    public async Task Jwt_ThatExpires_IsReplacedByAFreshOneOnANewConnection(string version)
    {
        using var issuer = new JwtIssuer();
        using var user = NKeyPair.Create(NKeyKind.User);
        await using var server = await StartAsync(version, issuer.Config);
        var issued = 0;
        var login = new NatsLogin.Jwt(_ => new(issuer.User(user, ++issued == 1 ? TimeSpan.FromSeconds(2) : null)), user);
        var log = new FakeLogger();
        await using var connection = Links.New(NatsOptions.For(server.Url) with { Login = login }, logger: log);
        await connection.ConnectAsync(Links.Test);
        await using var subscription = await connection.SubscribeAsync("a", 8, Links.Test);

        await Eventually.HoldsAsync(() => connection.Link is { IsUp: true, Connects: 2 }, "it is connected again");
        log.Collector.GetSnapshot().ShouldContain(line => line.Message.Contains("Authentication Expired", StringComparison.Ordinal));
        await connection.SendAsync("a", "again");
        Links.Text(await Links.NextAsync(subscription)).ShouldBe("again");
    }

    /// <summary>The library tells what a server says aside from what it does; an earlier complaint holds that up here, as a busy machine does.</summary>
    [Theory, ClassData(typeof(NatsVersions))]
    public async Task Session_ThatTheServerCloses_EndsWithWhatTheServerSaid_HoweverLateThatIsHeard(string version)
    {
        using var issuer = new JwtIssuer();
        using var user = NKeyPair.Create(NKeyKind.User);
        await using var server = await StartAsync(version, issuer.Config);
        var options = NatsOptions.For(server.Url) with { Login = new NatsLogin.Jwt(_ => new(issuer.User(user, TimeSpan.FromSeconds(2))), user) };
        using var heard = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        await using var session = new Session(options.Servers[0], options, TimeProvider.System, _ =>
        {
            heard.Set();
            goOn.Wait(Links.Test);
        });
        await session.OpenAsync(Links.Test);
        await session.Connection.PublishAsync(JwtIssuer.Denied, "x", cancellationToken: Links.Test);
        await Eventually.HoldsAsync(() => heard.IsSet, "the server complains");

        await Eventually.HoldsAsync(() => !session.IsOpen, "the server closes it");
        await Task.Delay(100, Links.Test);
        goOn.Set();

        (await session.Ended.WaitAsync(Links.Test)).ShouldContain("Authentication Expired");
    }

    [Theory, ClassData(typeof(NatsVersions))]
    public async Task Permissions_Violated_AreToldAndHarmless(string version)
    {
        await using var server = await StartAsync(
            version,
            "authorization { users: [ { user: d, password: d, permissions: { publish: [\"mine.>\"], subscribe: [\"mine.>\", \"_INBOX_d.>\"] } } ] }");
        var options = NatsOptions.For(server.Url) with
        {
            Login = new NatsLogin.Password("d", "d"), InboxPrefix = "_INBOX_d", JetStream = new() { RequestTimeout = TimeSpan.FromSeconds(1) },
        };
        await using var connection = await Links.ConnectAsync(options);
        await using var foreign = await connection.SubscribeAsync("foreign.>", 8, Links.Test);
        await connection.SendAsync("foreign.x");

        var denied = await connection.AskAsync("foreign.y");

        denied.Status.ShouldBe(ReplyStatus.Denied);
        denied.Reason("foreign.y").ShouldContain("may not publish to foreign.y");
        await using var mine = await connection.SubscribeAsync("mine.>", 8, Links.Test);
        await connection.SendAsync("mine.x", "fine");
        Links.Text(await Links.NextAsync(mine)).ShouldBe("fine");
        connection.Link.Connects.ShouldBe(1);
    }

    [Theory, ClassData(typeof(NatsVersions))]
    public async Task Tls_WithTheRightAuthority_CarriesMessages_AndRefusesAllElse(string version)
    {
        using var folder = new TempFolder();
        var certificates = new TestCertificates(folder.File);
        using var strangers = new TempFolder();
        var strange = new TestCertificates(strangers.File);
        await using var server = await StartAsync(version, certificates.Config());
        var trusting = NatsOptions.For(server.Url) with { CaFile = certificates.CaFile };

        await AcceptsAsync(trusting);
        await AcceptsAsync(trusting with { Servers = [new($"tls://localhost:{server.Port}")] });
        await FailsAsync(trusting with { CaFile = strange.CaFile }, ConnectFailure.Tls);
        await FailsAsync(NatsOptions.For(server.Url), ConnectFailure.Tls);
        await FailsAsync(trusting with { CaFile = folder.File("missing.pem") }, ConnectFailure.Tls);
        await FailsAsync(trusting with { CaFile = await folder.PipeAsync("pipe.pem") }, ConnectFailure.Tls);
        await FailsAsync(trusting with { CaFile = certificates.KeyFile }, ConnectFailure.Tls);
        await File.AppendAllTextAsync(certificates.CaFile, new string('\n', 1024 * 1024), TestContext.Current.CancellationToken);
        await FailsAsync(trusting, ConnectFailure.Tls);
    }

    [Fact]
    public async Task Tls_ForAnotherHost_IsRefused()
    {
        using var folder = new TempFolder();
        var certificates = new TestCertificates(folder.File, forThisHost: false);
        await using var server = await StartAsync(NatsVersions.Newest, certificates.Config());

        await FailsAsync(NatsOptions.For(server.Url) with { CaFile = certificates.CaFile }, ConnectFailure.Tls);
    }

    private static Task<NatsServer> StartAsync(string version, string config) =>
        NatsServer.StartAsync(version, site => $"listen: \"127.0.0.1:{site.Port}\"\n{config}\n");

    private static Task AcceptsAsync(NatsServer server, NatsLogin login) => AcceptsAsync(NatsOptions.For(server.Url) with { Login = login });

    private static async Task AcceptsAsync(NatsOptions options)
    {
        await using var connection = await Links.ConnectAsync(options);
        await using var subscription = await connection.SubscribeAsync("a", 8, Links.Test);
        var large = new byte[100_000];
        Random.Shared.NextBytes(large);
        await connection.PublishAsync("a", large, null, Links.Test);
        (await Links.NextAsync(subscription)).Payload.ToArray().ShouldBe(large);
    }

    private static Task RefusesAsync(NatsServer server, NatsLogin login) =>
        FailsAsync(NatsOptions.For(server.Url) with { Login = login }, ConnectFailure.Refused);

    private static async Task FailsAsync(NatsOptions options, ConnectFailure kind)
    {
        await using var connection = Links.New(options);
        (await Should.ThrowAsync<NatsConnectException>(() => connection.ConnectAsync(Links.Test))).Kind.ShouldBe(kind);
    }
}
