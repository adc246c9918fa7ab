using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.NatsAdmin;
using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Ports.State;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>A control loop over SQLite and a real nats-server.</summary>
internal sealed class RealFixture : ControlledFleet
{
    private readonly TempFolder folder = new();
    private readonly SqliteStore store;
    private readonly NatsBus observer;

    private RealFixture(NatsServer server)
    {
        Server = server;
        var options = new SqliteStoreOptions { Path = folder.File("fleet.db") };
        store = ((OpenOutcome.Opened)SqliteStore.Open(options, TimeProvider.System, Guid.NewGuid, NullLogger<SqliteStore>.Instance)).Store;
        observer = Connect();
    }

    public NatsServer Server { get; }

    public override IResourceStore Store => store;

    public override IBus Observer => observer;

    public static async Task<RealFixture> StartAsync(string version, ControlOptions? options = null)
    {
        var fixture = new RealFixture(await NatsServer.StartAsync(version));
        await Eventually.HoldsAsync(() => fixture.observer.Link.IsUp, "the observer is connected");
        await fixture.BeginAsync(options);
        return fixture;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await observer.DisposeAsync();
        await store.DisposeAsync();
        await Server.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>What an administrator's mistake does.</summary>
    public async Task DeleteBucketAsync(string bucket)
    {
        await using var connection = new NatsConnection(new NatsOpts { Url = Server.Url });
        (await new NatsJSContext(connection).DeleteStreamAsync("KV_" + bucket)).ShouldBeTrue();
    }

    /// <summary>A limit set by hand, by which nothing that is there may stay.</summary>
    public async Task DiscardAllAsync(string bucket)
    {
        await using var connection = new NatsConnection(new NatsOpts { Url = Server.Url });
        var streams = new NatsJSContext(connection);
        var config = (await streams.GetStreamAsync("KV_" + bucket)).Info.Config with { Discard = StreamConfigDiscard.Old, MaxBytes = 1 };
        (await streams.UpdateStreamAsync(config)).Info.State.Messages.ShouldBe(0);
    }

    protected override void AddOutside(IServiceCollection services)
    {
        services.AddSingleton<ILeadership>(store);
        services.AddSingleton<IBus>(_ => Connect());
        services.AddSingleton<IBusAdmin>(provider => new NatsBusAdmin(() => ((NatsBus)provider.GetRequiredService<IBus>()).Connection));
    }

    private NatsBus Connect()
    {
        var options = NatsOptions.For(Server.Url) with
        {
            ReconnectCap = TimeSpan.FromMilliseconds(500),
            JetStream = new() { IdleHeartbeat = TimeSpan.FromMilliseconds(500), ReopenCap = TimeSpan.FromMilliseconds(500) },
        };
        var bus = new NatsBus(options, TimeProvider.System, NullLogger.Instance);
        bus.Start();
        return bus;
    }
}
