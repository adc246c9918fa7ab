using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Adapters.NatsAdmin;
using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Hosting.SelfTests;
using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Operator.Readiness;
using Harmony.Fleet.Operator.Sessions;
using Harmony.Fleet.Operator.Telemetry;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Ports.State;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Operator.Hosting;

/// <summary>What lies around the operator in production: the store on this machine's disk, and NATS.</summary>
internal static class Surroundings
{
    private const string StoreFile = "fleet.db";

    /// <summary>It is one, and the whole fleet waits for it: it does not stand in line with the agents.</summary>
    private static readonly TimeSpan ReconnectCap = TimeSpan.FromSeconds(2);

    /// <summary>Opens the resource store.</summary>
    public static OpenOutcome OpenStore(OperatorOptions options, TimeProvider clock, ILoggerFactory logging) => SqliteStore.Open(
        new SqliteStoreOptions { Path = Path.Combine(options.DataDirectory, StoreFile) },
        clock,
        () => Guid.CreateVersion7(clock.GetUtcNow()),
        logging.CreateLogger<SqliteStore>());

    /// <summary>A connection to NATS, which is made, and made again, in the background.</summary>
    /// <param name="options">Where NATS is.</param>
    /// <param name="name">What the server's logs call it.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logging">Where it logs.</param>
    public static NatsBus Connect(OperatorOptions options, string name, TimeProvider clock, ILoggerFactory logging)
    {
        var bus = new NatsBus(Nats(options, name), clock, logging.CreateLogger<NatsBus>());
        bus.Start();
        return bus;
    }

    /// <summary>Whether NATS can be reached; for the self-test.</summary>
    public static async Task<Finding> LookAtNatsAsync(OperatorOptions options, CancellationToken cancellationToken)
    {
        await using var bus = new NatsBus(Nats(options, "fleet-operator-self-test"), TimeProvider.System, NullLogger.Instance);
        try
        {
            await bus.ConnectAsync(cancellationToken);
            return new Finding.Right($"connected to {options.Nats.Url}");
        }
        catch (NatsConnectException failure)
        {
            return new Finding.Wrong($"{failure.Message} The API serves its resources meanwhile. Check nats.url, and that the server runs.");
        }
    }

    /// <summary>Adds them to the operator's parts.</summary>
    /// <param name="services">The parts.</param>
    /// <param name="store">Resources and terms.</param>
    /// <param name="bus">For all but sessions with devices.</param>
    /// <param name="sessions">For those: what a device floods slows nothing else.</param>
    /// <param name="isMeasured">Whether somebody is told how long their requests take.</param>
    public static void Add(IServiceCollection services, SqliteStore store, NatsBus bus, NatsBus sessions, bool isMeasured)
    {
        services.AddSingleton<IResourceStore>(parts => isMeasured ? new MeteredStore(store, parts.GetRequiredService<FleetMeter>()) : store);
        services.AddSingleton<IStoreBackup>(store);
        services.AddSingleton<IStoreHistory>(store);
        services.AddSingleton<IReadinessCheck, HistoryCheck>();
        services.AddSingleton<StoreProbe>().AddSingleton<IReadinessCheck>(parts => parts.GetRequiredService<StoreProbe>()).AddHostedService(parts => parts.GetRequiredService<StoreProbe>());
        services.AddSingleton<BusProbe>().AddSingleton<IReadinessCheck>(parts => parts.GetRequiredService<BusProbe>()).AddHostedService(parts => parts.GetRequiredService<BusProbe>());
        services.AddSingleton<ILeadership>(store);
        services.AddSingleton<IBus>(parts => isMeasured ? new MeteredBus(bus, parts.GetRequiredService<FleetMeter>()) : bus);
        services.AddSingleton<IBusAdmin>(new NatsBusAdmin(() => bus.Connection));
        services.AddKeyedSingleton<IBus>(SessionParts.Bus, sessions);
    }

    private static NatsOptions Nats(OperatorOptions options, string name) => new()
    {
        Servers = options.Nats.Servers,
        StartsAnywhere = true,
        Name = name,
        Login = new NatsLogin.NKey(NKeyPair.ParseSeed(options.Nats.Seed)),
        CaFile = options.Nats.CaFile,
        BufferBytes = NatsOptions.LargeBufferBytes,
        ReconnectCap = ReconnectCap,
    };
}
