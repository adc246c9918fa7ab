using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Adapters.Nats.Bus;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.KeyValue;

/// <summary>Three servers that are a cluster, named n0 to n2.</summary>
internal sealed class NatsTrio : IAsyncDisposable
{
    private NatsTrio(NatsServer[] servers) => Servers = servers;

    public NatsServer[] Servers { get; }

    /// <summary>Starts them, and waits until something was stored on all three; anew where they do not become a cluster.</summary>
    public static async Task<NatsTrio> StartAsync(string version)
    {
        for (var tries = 1; ; tries++)
        {
            var trio = await BeginAsync(version);
            try
            {
                await trio.StandsAsync(ClusterStart.Limit(tries));
                return trio;
            }
            catch (TimeoutException) when (tries < ClusterStart.Tries)
            {
                await trio.DisposeAsync();
            }
            catch
            {
                await trio.DisposeAsync();
                throw;
            }
        }
    }

    private async Task StandsAsync(TimeSpan limit)
    {
        EnsureBucketOutcome? made = null;
        await using var bus = await Buses.ConnectAsync(Servers[0]);
        await Eventually.HoldsAsync(
            async () => (made = await Buses.Admin(bus).EnsureBucketAsync(new BucketSettings { Name = "first", Replicas = 3 }, default)) is EnsureBucketOutcome.Created or EnsureBucketOutcome.Verified,
            "three servers store a bucket",
            limit,
            () => $"{made}\n{string.Join('\n', Servers.Select(server => server.Log))}");
    }

    private static async Task<NatsTrio> BeginAsync(string version)
    {
        int[] ports = [FreePort.Next(), FreePort.Next(), FreePort.Next()];
        var routes = string.Join(", ", ports.Select(port => $"\"nats://127.0.0.1:{port}\""));
        return new NatsTrio(await Task.WhenAll(Enumerable.Range(0, ports.Length).Select(number => NatsServer.StartAsync(version, site => $$"""
            listen: "127.0.0.1:{{site.Port}}"
            server_name: "n{{number}}"
            jetstream { store_dir: "{{site.StoreDirectory}}" }
            cluster { name: "trio", listen: "127.0.0.1:{{ports[number]}}", routes: [{{routes}}] }
            """))));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers)
        {
            await server.DisposeAsync();
        }
    }
}
