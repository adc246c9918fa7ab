using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Adapters.NatsAdmin;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Deploy.NatsServers;

/// <summary>A device behind a network that lets nothing but HTTPS pass: all that an agent does, over a web socket with TLS by the fleet's own authority.</summary>
[Trait("Category", "Integration")]
public sealed class WebSocketTests : IAsyncLifetime
{
    private static readonly DeviceId Device = DeviceId.Parse("pi-1");

    private readonly TempFolder folder = new();
    private readonly TempFolder strangers = new();
    private readonly NKeyPair operatorKey = NKeyPair.Create(NKeyKind.User);
    private readonly NKeyPair deviceKey = NKeyPair.Create(NKeyKind.User);
    private readonly int port = FreePort.Next();
    private readonly TestCertificates certificates;

    public WebSocketTests() => certificates = new TestCertificates(folder.File);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private NatsOptions AsDevice => NatsOptions.For($"wss://localhost:{port}") with
    {
        Login = new NatsLogin.NKey(deviceKey),
        CaFile = certificates.CaFile,
        InboxPrefix = DeviceRights.InboxPrefix(Device),
        ReconnectCap = TimeSpan.FromMilliseconds(500),
    };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        operatorKey.Dispose();
        deviceKey.Dispose();
        folder.Dispose();
        strangers.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Agent_OverAWebSocket_ReadsHearsPutsAndComesBack(string version)
    {
        await using var server = await StartAsync(version);
        await using var control = await ConnectAsync(NatsOptions.For(server.Url) with { Login = new NatsLogin.NKey(operatorKey) });
        await EnsureAsync(control, BucketNames.DesiredState, Subjects.LiveDesiredPrefix);
        await EnsureAsync(control, BucketNames.DeviceInfo);
        await using var device = await ConnectAsync(AsDevice);
        device.Link.Detail.ShouldStartWith("wss://localhost");
        await using var wishes = await device.SubscribeAsync(Subjects.LiveDesired(Device), Stop);

        var large = new byte[60_000];
        Random.Shared.NextBytes(large);
        await control.Bucket(BucketNames.DesiredState).PutAsync(Device.Value, large, new BusHeaders("1:mac"), Stop);

        (await wishes.ReadAsync(Stop).FirstAsync(Stop)).Payload.ToArray().ShouldBe(large);
        (await device.Bucket(BucketNames.DesiredState).GetAsync(Device.Value, Stop)).ShouldBeOfType<GetOutcome.Found>().Entry.Value.ToArray().ShouldBe(large);
        (await device.Bucket(BucketNames.DeviceInfo).UpdateAsync(Device.Value, large, 0, BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Stored>();

        await server.KillAsync();
        await Eventually.HoldsAsync(() => !device.Link.IsUp, "the loss is seen");
        await server.RestartAsync();
        await Eventually.HoldsAsync(() => device.Link is { IsUp: true, Connects: 2 } && control.Link.IsUp, "both are back");
        await control.Bucket(BucketNames.DesiredState).PutAsync(Device.Value, "again"u8.ToArray(), BusHeaders.None, Stop);
        (await wishes.ReadAsync(Stop).FirstAsync(Stop)).Payload.ToArray().ShouldBe("again"u8.ToArray());
    }

    [Fact]
    public async Task Agent_WhoseAuthorityDidNotSignTheServer_IsRefused()
    {
        await using var server = await StartAsync(NatsVersions.Newest);

        (await FailureAsync(AsDevice with { CaFile = new TestCertificates(strangers.File).CaFile })).Kind.ShouldBe(ConnectFailure.Tls);
        (await FailureAsync(AsDevice with { CaFile = null })).Kind.ShouldBe(ConnectFailure.Tls, "the system does not know it either");
        (await FailureAsync(AsDevice with { Servers = [new($"wss://127.0.0.2:{port}")] })).Kind.ShouldNotBe(ConnectFailure.Refused);
    }

    [Fact]
    public async Task Agent_WithAnotherKey_IsRefused()
    {
        await using var server = await StartAsync(NatsVersions.Newest);
        using var stranger = NKeyPair.Create(NKeyKind.User);

        (await FailureAsync(AsDevice with { Login = new NatsLogin.NKey(stranger) })).Kind.ShouldBe(ConnectFailure.Refused);
    }

    [Fact]
    public async Task Agent_WithNobodyThere_IsUnreachable() => (await FailureAsync(AsDevice)).Kind.ShouldBe(ConnectFailure.Unreachable);

    private static async Task<NatsBus> ConnectAsync(NatsOptions options)
    {
        var bus = new NatsBus(options, TimeProvider.System, NullLogger.Instance);
        await bus.ConnectAsync(Stop);
        return bus;
    }

    private static async Task<NatsConnectException> FailureAsync(NatsOptions options)
    {
        await using var bus = new NatsBus(options, TimeProvider.System, NullLogger.Instance);
        return await Should.ThrowAsync<NatsConnectException>(() => bus.ConnectAsync(Stop));
    }

    private static async Task EnsureAsync(NatsBus control, string bucket, string? republish = null) =>
        (await new NatsBusAdmin(() => control.Connection).EnsureBucketAsync(new BucketSettings { Name = bucket, RepublishPrefix = republish }, Stop))
            .ShouldBeOfType<EnsureBucketOutcome.Created>();

    private Task<NatsServer> StartAsync(string version) => NatsServer.StartAsync(version, site => new ServerConfig
    {
        Port = site.Port,
        StoreDirectory = site.StoreDirectory,
        OperatorPublicKey = operatorKey.PublicKey,
        Devices = [new DeviceUser(Device, deviceKey.PublicKey)],
        WebSocket = new WebSocketListener(port, new ServerTls(certificates.CertificateFile, certificates.KeyFile)),
        MaxFileStoreBytes = 1L << 30,
        MaxMemoryStoreBytes = 1L << 28,
    }.Render());
}
