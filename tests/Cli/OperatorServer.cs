using System.Collections.Immutable;
using System.Security.Cryptography;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Hosting.Options;
using Harmony.Fleet.Operator.Hosting;
using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Operator.Sessions;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Conformance;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Cli;

/// <summary>The operator's real API, over a store and a bus in memory.</summary>
internal sealed class OperatorServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private OperatorServer(WebApplication app, InMemoryResourceStore store, FakeBus bus, MasterKey master) =>
        (this.app, Store, Bus, Master) = (app, store, bus, master);

    public InMemoryResourceStore Store { get; }

    public FakeBus Bus { get; }

    public MasterKey Master { get; }

    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<OperatorServer> StartAsync(int port = 0, InMemoryResourceStore? kept = null)
    {
        ListenAddress.TryParse($"http://127.0.0.1:{port}", out var listen, out _).ShouldBeTrue();
        BearerToken.TryParse(ScriptedServer.Token, out var token).ShouldBeTrue();
        var master = MasterKey.Parse(Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKey.Length)));
        var options = new OperatorOptions
        {
            DataDirectory = "/nowhere",
            Listen = listen!,
            Token = token!,
            MasterKey = master,
            KeyEpoch = 1,
            Nats = new NatsAccess { Servers = [new Uri("nats://127.0.0.1:4222")], Seed = string.Empty },
        };
        var store = kept ?? new InMemoryResourceStore(new FakeTimeProvider(Samples.Then));
        var bus = await BusAsync();
        var built = OperatorHost.Build(options, services => services
            .AddSingleton<IResourceStore>(store).AddSingleton<IBus>(bus).AddSingleton<IDeviceCommands>(new EchoDevices()).AddLogging(logging => logging.ClearProviders()));
        await built.StartAsync();
        return new OperatorServer(built, store, bus, master);
    }

    /// <summary>Makes a device known, as the operator does when its info arrives.</summary>
    public async Task AddDeviceAsync(Device device)
    {
        var made = (await Store.CreateAsync(ResourceTypes.Devices, device, default)).ShouldBeOfType<StoreOutcome<Device>.Ok>().Resource;
        (await Store.PatchStatusAsync(ResourceTypes.Devices, ResourceRevision.Of(made.Metadata), device.Status ?? new(), default)).ShouldBeOfType<StoreOutcome<Device>.Ok>();
    }

    /// <summary>Writes a deployment's status, as the operator does.</summary>
    public Task SetStatusAsync(string name, Func<Deployment, DeploymentStatus> status) => WriteAsync(
        name, stored => Store.PatchStatusAsync(ResourceTypes.Deployments, ResourceRevision.Of(stored.Metadata), status(stored), default));

    /// <summary>Takes a deployment's finalizers off, as the operator does once it left the manifests.</summary>
    public Task ReleaseAsync(string name) => WriteAsync(
        name, stored => Store.PatchFinalizersAsync(ResourceTypes.Deployments, ResourceRevision.Of(stored.Metadata), [], default));

    /// <summary>Again where somebody else wrote in between, as the operator does.</summary>
    private async Task WriteAsync(string name, Func<Deployment, Task<StoreOutcome<Deployment>>> write)
    {
        StoreOutcome<Deployment> outcome;
        do
        {
            var stored = (await Store.GetAsync(ResourceTypes.Deployments, new ResourceKey("default", name), default)).ShouldBeOfType<StoreOutcome<Deployment>.Ok>().Resource;
            outcome = await write(stored);
        }
        while (outcome is StoreOutcome<Deployment>.Conflict);
        outcome.ShouldBeOfType<StoreOutcome<Deployment>.Ok>();
    }

    /// <summary>Puts a report on the bus, as an agent does.</summary>
    public Task PutReportAsync(DeviceReport report) => Bus.Bucket(BucketNames.DeviceState).PutAsync(
        report.Device.Value, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(report, ContractsJson.Bus.DeviceReport), default, default);

    /// <summary>Puts a manifest with one score on the bus, as the operator does; with none where there is none.</summary>
    public async Task PutManifestAsync(string device, Harmony.Fleet.Contracts.Scores.ReconcileScore? score = null)
    {
        var id = DeviceId.Parse(device);
        var entries = score is null ? [] : await PutScoreAsync(score);
        var manifest = new DeviceManifest { Device = id, Generation = new Generation(3, 7), Entries = entries };
        var bytes = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(manifest, ContractsJson.Bus.DeviceManifest);
        var keys = Master.DeviceKeys(id, 1);
        var headers = new BusHeaders(MessageMac.Sign(keys.Down, keys.Epoch, MessageKinds.Manifest, id, bytes));
        await Bus.Bucket(BucketNames.DesiredState).PutAsync(device, bytes, headers, default);
    }

    private async Task<ImmutableArray<ManifestEntry>> PutScoreAsync(Harmony.Fleet.Contracts.Scores.ReconcileScore score)
    {
        var sealedScore = ScoreSealer.Seal(Master, CanonicalScore.ToBytes(score));
        await Bus.Bucket(BucketNames.Scores).PutAsync(sealedScore.Address.Value, sealedScore.Ciphertext, default, default);
        return
        [
            new ManifestEntry
            {
                Namespace = NamespaceName.Parse("default"), Name = DeploymentName.Parse("hello"), Uid = "u-1",
                ScoreDigest = sealedScore.ScoreDigest, Address = sealedScore.Address, Key = sealedScore.Key,
            },
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static async Task<FakeBus> BusAsync()
    {
        var broker = new FakeBroker(new FakeTimeProvider(Samples.Then));
        foreach (var name in (string[])[BucketNames.DeviceInfo, BucketNames.DeviceState, BucketNames.DeviceHeartbeat, BucketNames.DesiredState, BucketNames.Scores])
        {
            (await broker.EnsureBucketAsync(new BucketSettings { Name = name }, default)).ShouldNotBeNull();
        }

        return broker.Connect();
    }
}
