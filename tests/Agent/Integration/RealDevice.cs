using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Adapters.NatsAdmin;
using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Agent.Hosting;
using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Deploy.Images;
using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Hosting.Options;
using Harmony.Fleet.Ports.Containers;
using Harmony.Fleet.Tests.Agent.Rigs;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Agent.Integration;

/// <summary>A device as it is in the field: the whole agent with its own rights on a real NATS, and a podman of its own.</summary>
public sealed class RealDevice : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly NKeyPair operatorKey = NKeyPair.Create(NKeyKind.User);
    private readonly NKeyPair deviceKey = NKeyPair.Create(NKeyKind.User);
    private NatsServer? nats;
    private NatsBus? operatorBus;
    private PodmanService? service;
    private PodmanRuntime? runtime;
    private IHost? host;

    public NatsServer Nats => nats!;

    public PodmanRuntime Runtime => runtime!;

    internal ControlPlane Operator { get; private set; } = null!;

    internal CountingRuntime Asked { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await EngScript.RunAsync("eng/podman.sh", "--tests");
        nats = await NatsServer.StartAsync(NatsVersions.Newest, site => new ServerConfig
        {
            Port = site.Port,
            StoreDirectory = site.StoreDirectory,
            OperatorPublicKey = operatorKey.PublicKey,
            Devices = [new DeviceUser(ControlPlane.Device, deviceKey.PublicKey)],
        }.Render());
        operatorBus = new NatsBus(NatsOptions.For(nats.Url) with { Login = new NatsLogin.NKey(operatorKey) }, TimeProvider.System, NullLogger.Instance);
        await operatorBus.ConnectAsync(CancellationToken.None);
        Operator = new ControlPlane(operatorBus, new NatsBusAdmin(() => operatorBus.Connection));
        await Operator.EnsureBucketsAsync();
        service = Must(await PodmanService.StartAsync(new PodmanServiceOptions { Folder = folder.File("podman") }, TimeProvider.System, CancellationToken.None));
        runtime = new PodmanRuntime(new PodmanOptions { SocketPath = service.SocketPath }, TimeProvider.System);
        Must(await HelloWebImage.EnsureAsync(runtime, 1, CancellationToken.None));
        Must(await HelloWebImage.EnsureAsync(runtime, 2, CancellationToken.None));
        await StartAgentAsync();
    }

    public async Task StartAgentAsync()
    {
        var builder = AgentHost.Prepare(new AgentOptions
        {
            Device = ControlPlane.Device,
            Keys = ControlPlane.Keys,
            StateDirectory = folder.File("state"),
            Nats = new NatsAccess { Servers = [new Uri(nats!.Url)], Seed = deviceKey.RevealSeed() },
            PodmanSocket = service!.SocketPath,
            ResyncInterval = TimeSpan.FromMilliseconds(300),
            BackOff = new BackOff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2)),
        });
        Asked = new CountingRuntime(runtime!);
        builder.Services.AddSingleton<IContainerRuntime>(Asked);
        host = builder.Build();
        await host.StartAsync();
    }

    public async Task StopAgentAsync()
    {
        if (host is not null)
        {
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
            host = null;
        }
    }

    internal async Task<DeviceReport> RunsAsync(Generation generation)
    {
        DeviceReport? last = null;
        await Eventually.HoldsAsync(
            async () => (last = await Operator.ReportAsync()) is not null && Operator.HasSucceeded(last, generation),
            $"all of {generation} runs");
        return last!;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAgentAsync();
        runtime?.Dispose();
        if (service is not null)
        {
            await service.DisposeAsync();
        }

        Must(await PodmanPurge.PurgeAsync(folder.File("podman"), CancellationToken.None));
        HostNetwork.TracesOf(folder.File("podman")).ShouldBeEmpty();
        if (operatorBus is not null)
        {
            await operatorBus.DisposeAsync();
        }

        if (nats is not null)
        {
            await nats.DisposeAsync();
        }

        operatorKey.Dispose();
        deviceKey.Dispose();
        folder.Dispose();
    }

    private static T Must<T>(Outcome<T> result) =>
        result.IsOk ? result.Value : throw new InvalidOperationException($"{result.Fault.Kind}: {result.Fault.ToString()}");
}
