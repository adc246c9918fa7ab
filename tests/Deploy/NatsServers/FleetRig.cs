using System.Collections.Concurrent;
using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Adapters.NatsAdmin;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Harmony.Fleet.Tests.Deploy.NatsServers;

/// <summary>A server with the two accounts, the operator and two devices on it, and every bucket with something of each device's.</summary>
internal sealed class FleetRig : IAsyncDisposable
{
    public static readonly DeviceId A = DeviceId.Parse("pi-a");
    public static readonly DeviceId B = DeviceId.Parse("pi-b");

    /// <summary>The key of a score.</summary>
    public const string Score = "ab12";

    private static readonly string[] All =
        [BucketNames.DeviceInfo, BucketNames.DeviceState, BucketNames.DeviceHeartbeat, BucketNames.DesiredState, BucketNames.Scores];

    private readonly List<NKeyPair> keys = [];
    private readonly List<IAsyncDisposable> connections = [];
    private NatsServer? server;

    /// <summary>Device A by the library alone, with rights that no honest agent tries.</summary>
    public NatsConnection LinkA { get; private set; } = null!;

    /// <summary>What the server refused to it.</summary>
    public ConcurrentQueue<string> RefusedToA { get; } = [];

    public NatsBus Operator { get; private set; } = null!;

    public NatsBus DeviceA { get; private set; } = null!;

    public NatsBus DeviceB { get; private set; } = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<FleetRig> StartAsync(string version)
    {
        var rig = new FleetRig();
        try
        {
            await rig.BeginAsync(version);
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    public static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    /// <summary>Every stored byte of every bucket with its revision, but for keys of <paramref name="device"/>.</summary>
    public async Task<string[]> ForeignAsync(DeviceId device)
    {
        var lines = new List<string>();
        foreach (var name in All)
        {
            var bucket = Operator.Bucket(name);
            await foreach (var key in bucket.KeysAsync(Stop))
            {
                var owner = name is not (BucketNames.DesiredState or BucketNames.Scores) && key == device.Value;
                if (!owner && await bucket.GetAsync(key, Stop) is GetOutcome.Found { Entry: var entry })
                {
                    lines.Add($"{name}/{key}@{entry.Revision}: {Convert.ToHexString(entry.Value.Span)} {entry.Headers.Mac}");
                }
            }
        }

        return [.. lines.Order(StringComparer.Ordinal)];
    }

    /// <summary>How many messages a stream has ever stored.</summary>
    public async Task<ulong> LastSequenceAsync(string bucket) =>
        (await new NatsJSContext(Operator.Connection!).GetStreamAsync("KV_" + bucket, cancellationToken: Stop)).Info.State.LastSeq;

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections)
        {
            await connection.DisposeAsync();
        }

        foreach (var key in keys)
        {
            key.Dispose();
        }

        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>One more connection of device A's, not yet made.</summary>
    public NatsConnection LinkOfA()
    {
        var link = new NatsConnection(new NatsOpts
        {
            Url = server!.Url,
            AuthOpts = new() { NKey = keys[1].PublicKey, Seed = keys[1].RevealSeed() },
            InboxPrefix = DeviceRights.InboxPrefix(A),
        });
        connections.Add(link);
        return link;
    }

    /// <summary>One more connection of the operator's.</summary>
    public Task<NatsBus> OperatorAgainAsync() => ConnectAsync(keys[0], "_INBOX");

    private async Task BeginAsync(string version)
    {
        keys.AddRange(Enumerable.Range(0, 3).Select(_ => NKeyPair.Create(NKeyKind.User)));
        server = await NatsServer.StartAsync(version, site => new ServerConfig
        {
            Port = site.Port,
            StoreDirectory = site.StoreDirectory,
            OperatorPublicKey = keys[0].PublicKey,
            Devices = [new DeviceUser(A, keys[1].PublicKey), new DeviceUser(B, keys[2].PublicKey)],
            Limits = ServerLimits.Of(2),
            DeviceLimits = AccountLimits.OfDevices(2),
            ControlLimits = AccountLimits.OfControl,
            MaxFileStoreBytes = 1L << 30,
            MaxMemoryStoreBytes = 1L << 28,
        }.Render());
        Operator = await ConnectAsync(keys[0], "_INBOX");
        DeviceA = await ConnectAsync(keys[1], DeviceRights.InboxPrefix(A));
        DeviceB = await ConnectAsync(keys[2], DeviceRights.InboxPrefix(B));
        LinkA = LinkOfA();
        LinkA.ServerError += (_, refused) =>
        {
            RefusedToA.Enqueue(refused.Error);
            return ValueTask.CompletedTask;
        };
        await LinkA.ConnectAsync();
        var admin = new NatsBusAdmin(() => Operator.Connection);
        foreach (var name in All)
        {
            (await admin.EnsureBucketAsync(Settings(name), Stop)).ShouldBeOfType<EnsureBucketOutcome.Created>();
            foreach (var key in name switch { BucketNames.Scores => [Score], _ => (string[])[A.Value, B.Value] })
            {
                (await Operator.Bucket(name).PutAsync(key, Bytes($"{name} of {key}"), new BusHeaders("1:m"), Stop)).ShouldBeOfType<PutOutcome.Stored>();
            }
        }
    }

    private static BucketSettings Settings(string name) => new()
    {
        Name = name,
        InMemory = name == BucketNames.DeviceHeartbeat,
        RepublishPrefix = name == BucketNames.DesiredState ? Subjects.LiveDesiredPrefix : null,
    };

    private async Task<NatsBus> ConnectAsync(NKeyPair key, string inbox)
    {
        var bus = new NatsBus(
            NatsOptions.For(server!.Url) with { Login = new NatsLogin.NKey(key), InboxPrefix = inbox, JetStream = new() { RequestTimeout = TimeSpan.FromSeconds(10) } },
            TimeProvider.System,
            NullLogger.Instance);
        connections.Add(bus);
        await bus.ConnectAsync(Stop);
        return bus;
    }
}
