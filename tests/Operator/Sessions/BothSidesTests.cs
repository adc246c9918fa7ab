using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Agent.Commands;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Operator.Sessions;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Containers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Operator.Sessions;

/// <summary>The operator's and the device's real parts, over a real server with the two accounts.</summary>
[Trait("Category", "Integration")]
public sealed class BothSidesTests : IAsyncLifetime
{
    private static readonly DeviceId Device = ScriptedDevice.Device;

    private readonly NKeyPair operatorKey = NKeyPair.Create(NKeyKind.User);
    private readonly NKeyPair deviceKey = NKeyPair.Create(NKeyKind.User);
    private readonly FakeContainerRuntime runtime = new();
    private readonly CommandNonce nonce = new();
    private readonly DeviceDirectory directory = new();
    private readonly List<IAsyncDisposable> open = [];
    private CommandServer? agent;
    private IDeviceCommands? commands;
    private NatsServer? server;
    private NatsBus? operatorBus;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IDeviceCommands Commands => commands!;

    public async ValueTask InitializeAsync()
    {
        server = await NatsServer.StartAsync(NatsVersions.Newest, site => new ServerConfig
        {
            Port = site.Port,
            StoreDirectory = site.StoreDirectory,
            OperatorPublicKey = operatorKey.PublicKey,
            Devices = [new DeviceUser(Device, deviceKey.PublicKey)],
        }.Render());
        open.Add(server);
        operatorBus = await ConnectAsync(server, operatorKey, "_INBOX");
        commands = Asking(new SessionTimes());
        await StartAgentAsync(await ConnectAsync(server, deviceKey, DeviceRights.InboxPrefix(Device)));
    }

    public async ValueTask DisposeAsync()
    {
        if (agent is not null)
        {
            await agent.StopAsync(CancellationToken.None);
            agent.Dispose();
        }

        foreach (var one in Enumerable.Reverse(open))
        {
            await one.DisposeAsync();
        }

        operatorKey.Dispose();
        deviceKey.Dispose();
    }

    [Fact]
    public async Task Ping_OverTheAccounts_IsAnswered() =>
        (await Commands.PingAsync(Device, Cancel)).ShouldBeOfType<CommandOutcome<PingReply>.Answered>().Value.AgentVersion.ShouldBe("1.2.3");

    [Fact]
    public async Task Ping_WithTheNonceOfAnEarlierConnection_IsUnreachable()
    {
        directory.Put(Device, "another nonce");

        (await Commands.PingAsync(Device, Cancel)).ShouldBeOfType<CommandOutcome<PingReply>.DeviceUnreachable>();
    }

    [Fact]
    public async Task Logs_OfMoreThanTheCredit_ComeWholeAndInOrder()
    {
        var line = new string('x', 20_000);
        for (var i = 0; i < 500; i++)
        {
            runtime.Print("acme.web.app", $"{i} {line}");
        }

        var text = new StringBuilder();
        var outcome = await Commands.LogsAsync(Device, Request(tail: 500), Cancel);
        await using var log = outcome.ShouldBeOfType<CommandOutcome<ILogSession>.Answered>().Value;
        await foreach (var piece in log.ReadAsync(Cancel))
        {
            text.Append(Encoding.UTF8.GetString(piece.Bytes.Span));
        }

        text.ToString().ShouldBe(string.Concat(Enumerable.Range(0, 500).Select(i => $"{i} {line}\n")));
    }

    [Fact]
    public async Task Logs_Followed_ComeAsTheyAreWritten_AndEndWithTheContainer()
    {
        runtime.Print("acme.web.app", "first");
        var outcome = await Commands.LogsAsync(Device, Request(follow: true), Cancel);
        await using var log = outcome.ShouldBeOfType<CommandOutcome<ILogSession>.Answered>().Value;
        var text = new StringBuilder();
        await foreach (var piece in log.ReadAsync(Cancel))
        {
            text.Append(Encoding.UTF8.GetString(piece.Bytes.Span));
            if (text.ToString() == "first\n")
            {
                runtime.Print("acme.web.app", "second");
            }
            else if (text.ToString() == "first\nsecond\n")
            {
                runtime.End("acme.web.app", 0);
            }
        }

        text.ToString().ShouldBe("first\nsecond\n");
    }

    [Fact]
    public async Task Logs_OfReadersThatLeave_LeaveRoomForOthers()
    {
        for (var i = 0; i < 2 * CommandLimits.MaxSessions; i++)
        {
            ILogSession? log = null;
            await Eventually.HoldsAsync(
                async () => (log = (await Commands.LogsAsync(Device, Request(follow: true), Cancel) as CommandOutcome<ILogSession>.Answered)?.Value) is not null,
                "there is room");
            await log!.DisposeAsync();
        }
    }

    [Fact]
    public async Task Logs_OfAnUnknownDeployment_FailInASentence() =>
        (await Commands.LogsAsync(Device, Request() with { Name = DeploymentName.Parse("nobody") }, Cancel))
            .ShouldBe(new CommandOutcome<ILogSession>.Failed("device pi-1 has no container of deployment acme/nobody"));

    [Fact]
    public async Task Command_ThatLayInAServerThatHung_IsNotCarriedOut()
    {
        var done = new List<string>();
        runtime.Fault = (operation, _) =>
        {
            done.Add(operation);
            return null;
        };
        server!.Pause();
        (await Asking(new SessionTimes { FirstFrame = TimeSpan.FromMilliseconds(300) }).LogsAsync(Device, Request(), Cancel))
            .ShouldBeOfType<CommandOutcome<ILogSession>.DeviceUnreachable>().Reason.ShouldStartWith("NATS did not answer the operator within ");

        server.Resume();

        // A command behind it is answered: so the late one has come.
        (await Commands.PingAsync(Device, Cancel)).ShouldBeOfType<CommandOutcome<PingReply>.Answered>();
        await Task.Delay(CommandLimits.BeginLimit, Cancel);
        done.ShouldBeEmpty();
        await using var log = (await Commands.LogsAsync(Device, Request(), Cancel)).ShouldBeOfType<CommandOutcome<ILogSession>.Answered>().Value;
        done.ShouldNotBeEmpty();
    }

    private DeviceCommands Asking(SessionTimes times) => new(
        operatorBus!,
        directory,
        new DeviceKeyRing(ScriptedDevice.Master, 1),
        new SessionIds(RandomNumberGenerator.Create()),
        times,
        TimeProvider.System,
        NullLogger<DeviceCommands>.Instance);

    private static LogsRequest Request(int? tail = null, bool follow = false) =>
        new() { Namespace = NamespaceName.Parse("acme"), Name = DeploymentName.Parse("web"), Tail = tail, Follow = follow };

    private async Task<NatsBus> ConnectAsync(NatsServer server, NKeyPair key, string inboxPrefix)
    {
        var options = new NatsOptions { Servers = [new Uri(server.Url)], Login = new NatsLogin.NKey(key), InboxPrefix = inboxPrefix };
        var bus = new NatsBus(options, TimeProvider.System, NullLogger.Instance);
        await bus.ConnectAsync(Cancel);
        open.Add(bus);
        return bus;
    }

    private async Task StartAgentAsync(IBus bus)
    {
        var identity = new AgentIdentity(Device, ScriptedDevice.Keys, "run", "1.2.3", TimeProvider.System);
        await RunContainerAsync();
        directory.Put(Device, nonce.Current);
        var signals = new AgentSignals(TimeProvider.System);
        agent = new CommandServer(
            bus,
            identity,
            new CommandVerifier(identity, nonce, signals),
            new FrameSender(bus, identity),
            [new PingHandler(identity), new LogsHandler(runtime, identity, TimeProvider.System)],
            signals,
            TimeProvider.System,
            NullLogger<CommandServer>.Instance);
        await agent.StartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(async () => await Commands.PingAsync(Device, Cancel) is CommandOutcome<PingReply>.Answered, "the agent listens");
    }

    private async Task RunContainerAsync()
    {
        runtime.Publish("app:1");
        await runtime.EnsureImageAsync("app:1", Cancel);
        var labels = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [ContainerLabels.Device] = Device.Value,
            [ContainerLabels.Namespace] = "acme",
            [ContainerLabels.Deployment] = "web",
            [ContainerLabels.Container] = "app",
        };
        await runtime.CreateAsync(
            new ContainerSpec { Name = "acme.web.app", Image = "app:1", Labels = labels.ToImmutableSortedDictionary(StringComparer.Ordinal) }, Cancel);
        await runtime.StartAsync("acme.web.app", Cancel);
    }
}
