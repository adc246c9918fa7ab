using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Adapters.NatsAdmin;
using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Tests.Agent.Rigs;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Agent.Hosting;

[Trait("Category", "Integration")]
public sealed class AgentSystemdTests : IAsyncDisposable
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromMilliseconds(400);
    private readonly AgentFiles files = new();
    private readonly NotifySocket systemd;

    public AgentSystemdTests() => systemd = new NotifySocket(files.File("notify"));

    public async ValueTask DisposeAsync()
    {
        await systemd.DisposeAsync();
        files.Dispose();
    }

    [Fact]
    public async Task Agent_WithoutNatsAndPodman_IsReadyGivesSignsOfLifeAndSaysThatItStops()
    {
        await using var agent = await StartAsync();
        await systemd.HearsAsync("READY=1");
        await systemd.HearsAsync("WATCHDOG=1", times: 5);
        (await agent.StopAsync()).ShouldBe(0, agent.Output);
        await Eventually.HoldsAsync(() => systemd.Heard.Contains("STOPPING=1"), "it said that it stops");
        systemd.Heard[0].ShouldBe("READY=1");
        systemd.Count("READY=1").ShouldBe(1);
    }

    [Fact]
    public async Task Agent_WhoseLoopHangs_GivesNoMoreSignsOfLifeUntilItTurnsAgain()
    {
        using var operatorKey = NKeyPair.Create(NKeyKind.User);
        await using var nats = await NatsServer.StartAsync(NatsVersions.Newest, site => new ServerConfig
        {
            Port = site.Port, StoreDirectory = site.StoreDirectory, OperatorPublicKey = operatorKey.PublicKey, Devices = [new DeviceUser(ControlPlane.Device, files.PublicKey)],
        }.Render());
        await using var bus = new NatsBus(NatsOptions.For(nats.Url) with { Login = new NatsLogin.NKey(operatorKey) }, TimeProvider.System, NullLogger.Instance);
        await bus.ConnectAsync(CancellationToken.None);
        var plane = new ControlPlane(bus, new NatsBusAdmin(() => bus.Connection));
        await plane.EnsureBucketsAsync();
        files.Configure(nats.Url, files.File("none.sock"));

        // The loop looks for a score in its folder, and waits for it: so it does on a disk that is dying.
        var score = ControlPlane.Score(ControlPlane.Container());
        var kept = Path.Combine(Directory.CreateDirectory(files.File("state/scores")).FullName, ControlPlane.Entry("web", score).Sealed.Address.Value);
        await File.WriteAllTextAsync(kept, "no score", TestContext.Current.CancellationToken);
        var held = new HeldFile(kept);
        await using var agent = await StartAsync();
        await systemd.HearsAsync("WATCHDOG=1", times: 3);

        await plane.WantUnscoredAsync(("web", score));
        await systemd.FallsSilentAsync("WATCHDOG=1", 10 * Watchdog);
        await Eventually.HoldsAsync(() => agent.Output.Contains("The loop hangs", StringComparison.Ordinal), "its log says so");

        held.Dispose();
        await systemd.HearsAsync("WATCHDOG=1", times: 3);
        agent.Output.ShouldContain("The loop turns again");
    }

    private Task<RunningProgram> StartAsync() => RunningProgram.StartAsync(
        "env", $"NOTIFY_SOCKET={systemd.Path}", $"WATCHDOG_USEC={Watchdog.TotalMicroseconds}", "dotnet", AgentFiles.Program, "--config", files.File("agent.json"));
}
