using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.NatsAdmin;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using NATS.Client.JetStream;

namespace Harmony.Fleet.Bench.Nats;

/// <summary>A server, and a bucket for each measurement.</summary>
internal sealed class Rig(NatsServer server, NatsBus bus) : IAsyncDisposable
{
    private int _buckets;

    public string Url => server.Url;

    public static async Task<Rig> StartAsync(string version, string? maxPending)
    {
        var server = await NatsServer.StartAsync(version, site => NatsServer.JetStreamConfig(site) + (maxPending is null ? string.Empty : $"max_pending: {maxPending}\n"));
        var rig = new Rig(server, await OurClient.ConnectAsync(server.Url));
        await rig.MakeAsync("bench-warm", 1000);
        return rig;
    }

    /// <summary>A bucket with what the work reads.</summary>
    public async Task<string> BucketAsync(Work work)
    {
        var name = $"bench-{++_buckets}";
        await MakeAsync(name, work.Kind switch { WorkKind.Snapshot => work.Count, WorkKind.Get => 10_000, _ => 0 });
        return name;
    }

    public async Task DropAsync(string bucket) => await new NatsJSContext(bus.Connection!).DeleteStreamAsync("KV_" + bucket);

    public async ValueTask DisposeAsync()
    {
        await bus.DisposeAsync();
        await server.DisposeAsync();
    }

    private async Task MakeAsync(string name, int keys)
    {
        if (await new NatsBusAdmin(() => bus.Connection).EnsureBucketAsync(new BucketSettings { Name = name }, CancellationToken.None) is not EnsureBucketOutcome.Created)
        {
            throw new InvalidOperationException($"The bucket {name} could not be made.");
        }

        await OurClient.PutAsync(bus.Bucket(name), keys, 256);
    }
}
