using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.NatsServers;

public sealed class ServerConfigTests
{
    [Fact]
    public void Render_TwoAccounts_IsTheGoldenText()
    {
        var config = new ServerConfig
        {
            Port = 4222,
            StoreDirectory = "/var/lib/fleet/nats",
            OperatorPublicKey = "UOPERATOR",
            Devices = [new DeviceUser(DeviceId.Parse("pi-1"), "UDEVICE")],
            Limits = ServerLimits.Of(100_000),
            DeviceLimits = AccountLimits.OfDevices(100_000),
            ControlLimits = AccountLimits.OfControl,
            Tls = new ServerTls("/etc/fleet/server.pem", "/etc/fleet/server.key"),
            WebSocket = new WebSocketListener(8443, new ServerTls("/etc/fleet/web.pem", "/etc/fleet/web.key")),
        };

        config.Render().ShouldBe(File.ReadAllText(RepositoryRoot.File("tests/Deploy/NatsServers/golden-server.conf")));
    }

    [Fact]
    public void Render_OneOfACluster_IsTheGoldenText()
    {
        var config = new ServerConfig
        {
            Port = 4222,
            ServerName = "fleet-1",
            StoreDirectory = "/var/lib/fleet/nats",
            OperatorPublicKey = "UOPERATOR",
            Devices = [new DeviceUser(DeviceId.Parse("pi-1"), "UDEVICE")],
            Cluster = new ServerCluster
            {
                Name = "fleet", Port = 6222, Secret = "s3cret", Peers = ["a.example:6222", "b.example:6222"], Tls = new RouteTls("/etc/fleet/route.pem", "/etc/fleet/route.key", "/etc/fleet/ca.pem"),
            },
        };

        config.Render().ShouldBe(File.ReadAllText(RepositoryRoot.File("tests/Deploy/NatsServers/golden-cluster.conf")));
        config.ToString().ShouldNotContain("s3cret");
    }

    [Fact]
    public void Render_TextWithQuotesAndBackslashes_StaysOneText() =>
        Minimal("/a\"b\\c { port: 1 }").Render().ShouldContain("""store_dir: "/a\"b\\c { port: 1 }" """.TrimEnd());

    [Fact]
    public void Render_TextWithALineBreak_IsRefused() => Should.Throw<ArgumentException>(() => Minimal("/a\nport: 1").Render());

    [Theory]
    [ClassData(typeof(NatsVersions))]
    [Trait("Category", "Integration")]
    public async Task Server_WithLimitsAndOddFolderName_Starts(string version)
    {
        using var operatorKey = NKeyPair.Create(NKeyKind.User);
        using var device = NKeyPair.Create(NKeyKind.User);
        await using var server = await NatsServer.StartAsync(version, site => new ServerConfig
        {
            Port = site.Port,
            StoreDirectory = site.StoreDirectory + "/with \"quotes\" and $DOLLAR",
            OperatorPublicKey = operatorKey.PublicKey,
            Devices = [new DeviceUser(DeviceId.Parse("pi-1"), device.PublicKey)],
            Limits = ServerLimits.Of(1),
            DeviceLimits = AccountLimits.OfDevices(1),
            ControlLimits = AccountLimits.OfControl,
            MaxFileStoreBytes = 1L << 30,
            MaxMemoryStoreBytes = 1L << 28,
            ServerName = "fleet",
        }.Render());

        Directory.Exists(server.StoreDirectory + "/with \"quotes\" and $DOLLAR/jetstream").ShouldBeTrue();
    }

    private static ServerConfig Minimal(string storeDirectory) => new() { Port = 4222, StoreDirectory = storeDirectory, OperatorPublicKey = "U" };
}
