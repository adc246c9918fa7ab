using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Agent.Hosting;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Hosting.Options;
using Harmony.Fleet.LoadTest.Fleets;
using Harmony.Fleet.LoadTest.Plans;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Containers;
using Harmony.Fleet.Ports.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.LoadTest.Agents;

/// <summary>The agent's own code, with a connection and a login of its own, over containers in memory.</summary>
internal sealed class RealAgent : IAsyncDisposable
{
    private const int Epoch = 1;
    private readonly IHost host;
    private readonly NatsBus bus;

    /// <summary>The agent of a device, not started.</summary>
    /// <param name="plan">Which devices there are.</param>
    /// <param name="device">The device's number.</param>
    /// <param name="fleet">Its fleet.</param>
    /// <param name="count">Counts what it cannot put.</param>
    /// <param name="reporting">Told each report before it is put; null where nobody wants to know.</param>
    /// <param name="time">The clock.</param>
    public RealAgent(LoadPlan plan, int device, OwnFleet fleet, PutCount count, Action<ReadOnlyMemory<byte>>? reporting, TimeProvider time)
    {
        var id = LoadPlan.Device(device);
        var options = new AgentOptions
        {
            Device = id,
            Keys = fleet.Reached.Master.DeviceKeys(id, Epoch),
            StateDirectory = "/nowhere",
            PodmanSocket = "/nowhere",
            Nats = new NatsAccess { Servers = NatsOptions.For(fleet.Reached.NatsUrl).Servers, Seed = fleet.SeedOf(id) },
            Labels = plan.LabelsOf(device),
        };
        Runtime = new MemoryRuntime([LoadPlan.Image], time);
        bus = new NatsBus(AgentHost.Nats(options), time, NullLogger.Instance);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<IHostLifetime, UntoldLifetime>().AddSingleton(time);
        builder.Services.AddSingleton<IBus>(_ => new CountedBus(bus, count, reporting)).AddSingleton<IContainerRuntime>(Runtime).AddSingleton<IAgentStateStore, MemoryState>();
        builder.Services.AddAgent(options, new AgentIdentity(id, options.Keys, $"{id}-of-a-load-test", "0.1.0", time), new Random(device));
        host = builder.Build();
    }

    /// <summary>Its connection.</summary>
    public LinkState Link => bus.Link;

    /// <summary>Its containers.</summary>
    public MemoryRuntime Runtime { get; }

    /// <summary>Starts it.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        bus.Start();
        return host.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    /// <summary>The process' signals are not for each agent.</summary>
    private sealed class UntoldLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
