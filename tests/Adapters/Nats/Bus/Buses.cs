using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.JetStream;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Adapters.Nats.Bus;

/// <summary>Connections for tests: as the programs make them, but impatient.</summary>
internal static class Buses
{
    public static JetStreamOptions JetStream => new() { IdleHeartbeat = TimeSpan.FromMilliseconds(500), ReopenCap = TimeSpan.FromMilliseconds(500) };

    public static NatsOptions Options(NatsServer server) => NatsOptions.For(server.Url) with { ReconnectCap = TimeSpan.FromMilliseconds(500) };

    public static Task<NatsConnection> ConnectionAsync(NatsServer server) => ConnectionAsync(Options(server));

    public static async Task<NatsConnection> ConnectionAsync(NatsOptions options)
    {
        var connection = new NatsConnection(options, TimeProvider.System, NullLogger.Instance);
        await connection.ConnectAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    public static async Task<NatsBus> ConnectAsync(NatsServer server) => On(await ConnectionAsync(server));

    public static NatsBus On(NatsConnection connection, JetStreamOptions? options = null) =>
        new(connection, options ?? JetStream, TimeProvider.System, NullLogger.Instance);
}
