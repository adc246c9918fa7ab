using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.KeyValue;

/// <summary>Three servers that are a cluster, named n0 to n2.</summary>
internal sealed class NatsTrio : IAsyncDisposable
{
    private NatsTrio(NatsServer[] servers) => Servers = servers;

    public NatsServer[] Servers { get; }

    public static async Task<NatsTrio> StartAsync(string version)
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
