using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Adapters.NatsAdmin;
using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Harmony.Fleet.Tests.Deploy.NatsServers;

/// <summary>Three servers as one cluster, over routes that only those come in by who know the secret.</summary>
[Trait("Category", "Integration")]
public sealed class ServerClusterTests : IAsyncLifetime
{
    private const int Count = 3;
    private const string Secret = "0123456789abcdef";
    private static readonly BucketSettings Settings = new() { Name = "desired-state", Replicas = Count };

    private readonly TempFolder folder = new();
    private readonly NKeyPair operatorKey = NKeyPair.Create(NKeyKind.User);
    private readonly List<NatsServer> servers = [];
    private NatsBus? bus;

    private NatsBusAdmin Admin => new(() => bus?.Connection);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        operatorKey.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(NatsVersions.Oldest, false)]
    [InlineData(NatsVersions.Newest, false)]
    [InlineData(NatsVersions.Newest, true)]
    public async Task Bucket_OnThree_StaysWithTwoOfThem(string version, bool hasTls)
    {
        var certificates = new TestCertificates(folder.File);
        (await StandAsync(version, Settings, hasTls ? new RouteTls(certificates.CertificateFile, certificates.KeyFile, certificates.CaFile) : null)).ShouldBeOfType<EnsureBucketOutcome.Created>();
        (await InfoAsync()).Cluster!.Replicas!.Count.ShouldBe(Count - 1);
        (await Admin.EnsureBucketAsync(Settings with { Replicas = null }, Stop)).ShouldBeOfType<EnsureBucketOutcome.Verified>("what an administrator chose is left");
        var revision = (await PutAsync("a")).ShouldBeOfType<PutOutcome.Stored>().Revision;

        await servers[0].KillAsync();
        await Eventually.HoldsAsync(async () => await PutAsync($"b{Guid.NewGuid():N}") is PutOutcome.Stored, "two of three take writes");
        await Eventually.HoldsAsync(async () => await bus!.Bucket(Settings.Name).GetAsync("a", Stop) is GetOutcome.Found { Entry.Revision: var found } && found == revision, "it is there");
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Bucket_OnOne_ComesToBeOnThree(string version)
    {
        await StandAsync(version, Settings with { Name = "first" });
        await EnsuredAsync(Settings with { Replicas = null });
        await PutAsync("a");

        var outcome = await EnsuredAsync(Settings);

        outcome.ShouldBeOfType<EnsureBucketOutcome.Corrected>(outcome.ToString()).Differences.ShouldBe(["num_replicas: found 1, wanted 3"]);
        await Eventually.HoldsAsync(async () => (await InfoAsync()).Cluster!.Replicas is { Count: Count - 1 } replicas && replicas.All(replica => replica.Current), "all of them hold it");
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Server_WithAnotherSecret_IsNotLetIn(string version)
    {
        await StartAsync(version, [Secret, Secret, "fedcba9876543210"]);
        await ConnectAsync(2);
        await Eventually.HoldsAsync(() => servers[0].Log.Contains("authentication error", StringComparison.Ordinal) || servers[1].Log.Contains("authentication error", StringComparison.Ordinal), "it is refused");
        (await Admin.EnsureBucketAsync(Settings, Stop)).ShouldBeOfType<EnsureBucketOutcome.Unavailable>("there are no three");
    }

    [Fact]
    public async Task Bucket_OnThree_WhereThereIsOne_IsTriedAgain()
    {
        await using var alone = await NatsServer.StartAsync(NatsVersions.Newest, site => new ServerConfig
        {
            Port = site.Port, StoreDirectory = site.StoreDirectory, OperatorPublicKey = operatorKey.PublicKey,
        }.Render());
        await ConnectToAsync([alone.Url]);
        (await Admin.EnsureBucketAsync(Settings, Stop)).ShouldBeOfType<EnsureBucketOutcome.Unavailable>().Reason.ShouldContain("replicas > 1");
    }

    /// <summary>Starts three that are a cluster: anew where they do not become one.</summary>
    private async Task<EnsureBucketOutcome> StandAsync(string version, BucketSettings settings, RouteTls? tls = null)
    {
        for (var tries = 1; ; tries++)
        {
            await StartAsync(version, [Secret, Secret, Secret], tls);
            await ConnectAsync(Count);
            try
            {
                return await EnsuredAsync(settings, ClusterStart.Limit(tries));
            }
            catch (TimeoutException) when (tries < ClusterStart.Tries)
            {
                await EndAsync();
            }
        }
    }

    private async Task StartAsync(string version, string[] secrets, RouteTls? tls = null)
    {
        int[] routes = [.. Enumerable.Range(0, Count).Select(_ => FreePort.Next())];
        for (var at = 0; at < Count; at++)
        {
            var number = at;
            servers.Add(await NatsServer.StartAsync(version, site => new ServerConfig
            {
                Port = site.Port,
                ServerName = $"fleet-{number + 1}",
                StoreDirectory = site.StoreDirectory,
                OperatorPublicKey = operatorKey.PublicKey,
                Cluster = new ServerCluster { Name = "fleet", Port = routes[number], Secret = secrets[number], Peers = [.. routes.Select(port => $"127.0.0.1:{port}")], Tls = tls },
            }.Render()));
        }
    }

    /// <summary>To the first so many of them.</summary>
    private Task ConnectAsync(int count) => ConnectToAsync([.. servers.Take(count).Select(server => server.Url)]);

    private async Task ConnectToAsync(string[] urls)
    {
        var options = NatsOptions.For(string.Join(',', urls)) with { Login = new NatsLogin.NKey(operatorKey), JetStream = new() { RequestTimeout = TimeSpan.FromSeconds(1) } };
        bus = new NatsBus(options, TimeProvider.System, NullLogger.Instance);
        await bus.ConnectAsync(Stop);
    }

    private async Task EndAsync()
    {
        if (bus is not null)
        {
            await bus.DisposeAsync();
        }

        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }

        bus = null;
        servers.Clear();
    }

    private async Task<EnsureBucketOutcome> EnsuredAsync(BucketSettings settings, TimeSpan? limit = null)
    {
        EnsureBucketOutcome? outcome = null;
        await Eventually.HoldsAsync(
            async () => (outcome = await Admin.EnsureBucketAsync(settings, Stop)) is not EnsureBucketOutcome.Unavailable, "the cluster stands",
            limit,
            () => $"{outcome}\n{string.Join('\n', servers.Select(server => server.Log))}");
        return outcome!;
    }

    private Task<PutOutcome> PutAsync(string key) => bus!.Bucket(Settings.Name).CreateAsync(key, "x"u8.ToArray(), BusHeaders.None, Stop);

    private async Task<StreamInfo> InfoAsync() => (await new NatsJSContext(bus!.Connection!).GetStreamAsync("KV_" + Settings.Name, cancellationToken: Stop)).Info;
}
