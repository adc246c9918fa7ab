using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.NatsAdmin;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Harmony.Fleet.Tests.Adapters.Nats.Bus;

/// <summary>Buses for tests: as the programs make them, but impatient.</summary>
internal static class Buses
{
    public static JetStreamOptions JetStream => new() { IdleHeartbeat = TimeSpan.FromMilliseconds(500), ReopenCap = TimeSpan.FromMilliseconds(500) };

    public static NatsOptions Options(NatsServer server) => NatsOptions.For(server.Url) with { ReconnectCap = TimeSpan.FromMilliseconds(500), JetStream = JetStream };

    public static NatsBus New(NatsOptions options) => new(options, TimeProvider.System, NullLogger.Instance);

    public static Task<NatsBus> ConnectAsync(NatsServer server) => ConnectAsync(Options(server));

    public static async Task<NatsBus> ConnectAsync(NatsOptions options)
    {
        var bus = New(options);
        await bus.ConnectAsync(TestContext.Current.CancellationToken);
        return bus;
    }

    /// <summary>What changes the buckets of a server, over that bus.</summary>
    public static IBusAdmin Admin(NatsBus bus) => new NatsBusAdmin(() => bus.Connection);

    /// <summary>The library alone, for what the fleet does not do.</summary>
    public static async Task<NatsJSContext> LibraryAsync(NatsServer server)
    {
        var connection = new NatsConnection(new NatsOpts { Url = server.Url });
        await connection.ConnectAsync();
        return new NatsJSContext(connection);
    }
}
