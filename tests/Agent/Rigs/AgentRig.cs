using Harmony.Fleet.Adapters.Files.AgentState;
using Harmony.Fleet.Agent.Hosting;
using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Hosting.Options;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Containers;
using Harmony.Fleet.Ports.State;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;
using Harmony.Fleet.Tests.Harness.Containers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Harmony.Fleet.Tests.Agent.Rigs;

/// <summary>A device: the whole agent on a bus and a runtime in memory, with its state in a folder. It can be killed and started again.</summary>
internal sealed class AgentRig : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeLoggerProvider logs = new();
    private CancellationTokenSource alive = new();
    private IHost? host;
    private int starts;

    public AgentRig()
        : this(new FakeBroker())
    {
    }

    /// <summary>A device on a bus that others are on.</summary>
    public AgentRig(FakeBroker broker)
    {
        Broker = broker;
        Runtime = new FakeContainerRuntime(Clock);
        Bus = Broker.Connect();
        Operator = new ControlPlane(Broker.Connect(), Broker);
        foreach (var image in new[] { "app:1", "app:2", "other:1" })
        {
            Runtime.Publish(image);
        }
    }

    public ShiftedClock Clock { get; } = new();

    public FakeBroker Broker { get; }

    public FakeBus Bus { get; }

    public FakeContainerRuntime Runtime { get; }

    public ControlPlane Operator { get; }

    /// <summary>How often a line was logged.</summary>
    public int Logged(int eventId) => logs.Collector.GetSnapshot().Count(line => line.Id.Id == eventId);

    public string StateFolder => folder.File("state");

    /// <summary>Every wait without a hint is an hour: what happens, happens by hints. Failures are tried again at once.</summary>
    public AgentOptions Options { get; set; } = new()
    {
        Device = ControlPlane.Device,
        Keys = ControlPlane.Keys,
        StateDirectory = string.Empty,
        Nats = new NatsAccess { Servers = [new Uri("nats://nowhere")], Seed = string.Empty },
        PodmanSocket = string.Empty,
        ResyncInterval = TimeSpan.FromHours(1),
        ManifestInterval = TimeSpan.FromHours(1),
        HeartbeatInterval = TimeSpan.FromHours(1),
        RestateInterval = TimeSpan.FromHours(1),
        ReportDelay = TimeSpan.FromMilliseconds(1),
        SayAgainWindow = TimeSpan.Zero,
        HintInterval = TimeSpan.FromMilliseconds(1),
        BackOff = new BackOff(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(20)),
    };

    /// <summary>What its instances are called, with their number.</summary>
    public string Name { get; init; } = "run";

    /// <summary>Stands between the agent and its runtime.</summary>
    public Func<IContainerRuntime, IContainerRuntime> WrapRuntime { get; set; } = runtime => runtime;

    /// <summary>Stands between the agent and its state.</summary>
    public Func<IAgentStateStore, IAgentStateStore> WrapState { get; set; } = state => state;

    /// <summary>Cancelled when the agent is killed: for holding it up where it is to die.</summary>
    public CancellationToken Alive => alive.Token;

    public async Task StartAsync()
    {
        alive = new CancellationTokenSource();
        await Operator.EnsureBucketsAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging(logging => logging.AddProvider(logs));
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton<IBus>(_ => new Undisposed(Bus));
        builder.Services.AddSingleton(WrapRuntime(Runtime));
        builder.Services.AddSingleton(provider => WrapState(ActivatorUtilities.CreateInstance<AgentStateFiles>(provider, StateFolder)));
        var identity = new AgentIdentity(Options.Device, Options.Keys, $"{Name}-{++starts}", "1.2.3", Clock);
        builder.Services.AddAgent(Options, identity, new Random(1));
        host = builder.Build();
        await host.StartAsync();
    }

    /// <summary>One of the running agent's loops.</summary>
    public TService Loop<TService>()
        where TService : BackgroundService => host!.Services.GetServices<IHostedService>().OfType<TService>().Single();

    /// <summary>Gives a sign of life, and waits until it is there.</summary>
    public async Task BeatAsync()
    {
        host!.Services.GetRequiredService<AgentSignals>().Heartbeat.Set();
        await Eventually.HoldsAsync(async () => (await Operator.HeartbeatAsync())?.Instance == $"{Name}-{starts}", "its sign of life");
    }

    /// <summary>The nonce that it takes commands with.</summary>
    public string Nonce => host!.Services.GetRequiredService<CommandNonce>().Current;

    public async Task StopAsync()
    {
        if (host is not null)
        {
            await alive.CancelAsync();
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
            host = null;
        }
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Waits until the device's report is as it should be, and gives it.</summary>
    public async Task<DeviceReport> ReportsAsync(Func<DeviceReport, bool> condition, string what)
    {
        DeviceReport? last = null;
        try
        {
            await Eventually.HoldsAsync(async () => (last = await Operator.ReportAsync()) is not null && condition(last), what);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}; last report: {last}, {string.Join("; ", last?.Deployments.Select(item => item.ToString()) ?? [])}", late);
        }

        return last!;
    }

    /// <summary>Waits until all of the wanted generation runs, and nothing else.</summary>
    public Task<DeviceReport> RunsAsync(Generation generation) => ReportsAsync(report => Operator.HasSucceeded(report, generation), $"all of {generation} runs");

    public async Task<DeviceInfo> InfoAsync(Func<DeviceInfo, bool> condition, string what)
    {
        DeviceInfo? last = null;
        await Eventually.HoldsAsync(async () => (last = await Operator.InfoAsync()) is not null && condition(last), what);
        return last!;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        alive.Dispose();
        folder.Dispose();
    }

    /// <summary>The bus outlives the agent that stands on it.</summary>
    private sealed class Undisposed(FakeBus inner) : IBus
    {
        public LinkState Link => inner.Link;

        public IAsyncEnumerable<LinkState> LinkChangesAsync(CancellationToken cancellationToken) => inner.LinkChangesAsync(cancellationToken);

        public Task<ISubscription> SubscribeAsync(string subject, CancellationToken cancellationToken) => inner.SubscribeAsync(subject, cancellationToken);

        public ValueTask<PublishOutcome> PublishAsync(string subject, ReadOnlyMemory<byte> payload, BusHeaders headers, CancellationToken cancellationToken) =>
            inner.PublishAsync(subject, payload, headers, cancellationToken);

        public Task<bool> AnswersAsync(CancellationToken cancellationToken) => inner.AnswersAsync(cancellationToken);

        public IBucket Bucket(string name) => inner.Bucket(name);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
