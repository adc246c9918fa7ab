using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>A control loop over a store and a bus, which can be stopped and begun again over the same ones, and what tests ask of them.</summary>
internal abstract class ControlledFleet : IAsyncDisposable
{
    public static readonly MasterKey Master = MasterKey.Parse(Convert.ToBase64String(new byte[32]));

    public static readonly ControlOptions Quick = new()
    {
        FlushInterval = TimeSpan.FromMilliseconds(30),
        Tick = TimeSpan.FromMilliseconds(10),
        BackOff = new BackOff(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(100)),
        BucketInterval = TimeSpan.FromSeconds(1),
    };

    private readonly FakeLoggerProvider logs = new();
    private IHost? host;

    public abstract IResourceStore Store { get; }

    /// <summary>A connection beside the operator's.</summary>
    public abstract IBus Observer { get; }

    public FakeLogCollector Log => logs.Collector;

    /// <summary>The operator's clock.</summary>
    public SetClock Clock { get; } = new();

    public IServiceProvider Services => host!.Services;

    public async Task BeginAsync(ControlOptions? options = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(logs).SetMinimumLevel(LogLevel.Information);
        builder.Services.AddSingleton<TimeProvider>(Clock).AddSingleton(Store);
        AddOutside(builder.Services);
        builder.Services.AddFleetControl(Master, 1, options ?? Quick);
        host = builder.Build();
        await host.StartAsync();
    }

    public async Task EndAsync()
    {
        if (host is { } ending)
        {
            host = null;
            using (ending)
            {
                await ending.StopAsync();
            }
        }
    }

    public async Task<Deployment> ApplyAsync(string name, string image = "localhost/hello:1", string group = "a")
    {
        var wanted = Sample(name, image, group);
        var outcome = await Store.CreateAsync(ResourceTypes.Deployments, wanted, default);
        if (outcome is StoreOutcome<Deployment>.AlreadyExists)
        {
            return await ChangeAsync(ResourceTypes.Deployments, ResourceKey.Of(wanted.Metadata), present => present with { Spec = wanted.Spec });
        }

        return outcome.ShouldBeOfType<StoreOutcome<Deployment>.Ok>().Resource;
    }

    /// <summary>Changes what is stored, whatever the operator writes to it at the same time.</summary>
    public async Task<T> ChangeAsync<T>(ResourceType<T> type, ResourceKey key, Func<T, T> change)
        where T : class, IResource
    {
        while (true)
        {
            var present = (await Store.GetAsync(type, key, default)).ShouldBeOfType<StoreOutcome<T>.Ok>().Resource;
            switch (await Store.UpdateAsync(type, change(present), default))
            {
                case StoreOutcome<T>.Conflict:
                    continue;
                case var outcome:
                    return outcome.ShouldBeOfType<StoreOutcome<T>.Ok>().Resource;
            }
        }
    }

    public static Deployment Sample(string name, string image = "localhost/hello:1", string group = "a") => new()
    {
        Metadata = new() { Name = name, Namespace = "default" },
        Spec = new()
        {
            TargetSelector = new() { MatchExpressions = [new() { Key = "group", Operator = "In", Values = [group] }] },
            Score = new() { PodmanV0 = new() { Containers = [new() { Name = "web", Image = image }] } },
        },
    };

    public async Task<Deployment> DeploymentAsync(string name) =>
        (await Store.GetAsync(ResourceTypes.Deployments, new ResourceKey("default", name), default)).ShouldBeOfType<StoreOutcome<Deployment>.Ok>().Resource;

    public Task DeleteAsync(string name) => Store.DeleteAsync(ResourceTypes.Deployments, new ResourceKey("default", name), DeletePreconditions.None, default);

    public async Task<bool> IsGoneAsync(string name) =>
        await Store.GetAsync(ResourceTypes.Deployments, new ResourceKey("default", name), default) is StoreOutcome<Deployment>.NotFound;

    public async Task<Device?> DeviceAsync(string name) =>
        (await Store.GetAsync(ResourceTypes.Devices, new ResourceKey(null, name), default) as StoreOutcome<Device>.Ok)?.Resource;

    public Task AggregateAsync(string name, DeploymentAggregate expected) => Eventually.HoldsAsync(
        async () => (await DeploymentAsync(name)).Status?.Aggregate == expected, $"{name}: {expected}", TimeSpan.FromSeconds(20));

    public Task ConditionAsync(string device, string type, ConditionStatus status) => Eventually.HoldsAsync(
        async () => (await DeviceAsync(device))?.Status?.Conditions.Of(type)?.Status == status, $"{device}: {type} {status}", TimeSpan.FromSeconds(20));

    public async Task<BucketEntry?> StoredAsync(string device) =>
        (await Observer.Bucket(BucketNames.DesiredState).GetAsync(device, default) as GetOutcome.Found)?.Entry;

    public async Task<DeviceManifest?> ManifestAsync(string device)
    {
        if (await StoredAsync(device) is not { } entry)
        {
            return null;
        }

        var id = DeviceId.Parse(device);
        return MessageMac.Verify(Master.DeviceKeys(id, 1).Down, 1, MessageKinds.Manifest, id, entry.Value.Span, entry.Headers.Mac)
            ? JsonSerializer.Deserialize(entry.Value.Span, ContractsJson.Bus.DeviceManifest)
            : null;
    }

    public Task NamesAsync(string device, params string[] names) => Eventually.HoldsAsync(
        async () => await ManifestAsync(device) is { } manifest && manifest.Entries.Select(entry => entry.Name.Value).SequenceEqual(names),
        $"the manifest of {device} names {string.Join(", ", names)}", TimeSpan.FromSeconds(20));

    public virtual async ValueTask DisposeAsync()
    {
        await EndAsync();
        logs.Dispose();
    }

    /// <summary>Adds the bus and the source of terms for one run of the operator.</summary>
    protected abstract void AddOutside(IServiceCollection services);
}
