using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Tests.Conformance;

/// <summary>What every <see cref="IResourceStore"/> must do. Derive, give it an empty store, and the suite runs on it.</summary>
public abstract partial class ResourceStoreConformance : IAsyncLifetime
{
    private IResourceStore? opened;

    /// <summary>The store under test, empty at first.</summary>
    protected IResourceStore Store => opened!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected static ResourceType<Deployment, DeploymentStatus> Deployments => ResourceTypes.Deployments;

    protected static ResourceType<Device, DeviceStatus> Devices => ResourceTypes.Devices;

    public async ValueTask InitializeAsync() => opened = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens a store without resources.</summary>
    protected abstract Task<IResourceStore> OpenAsync();

    /// <summary>Closes it, and removes what it left.</summary>
    protected abstract Task CloseAsync();

    /// <summary>Makes the store forget the changes so far, as time would.</summary>
    protected abstract Task ForgetHistoryAsync();

    protected static Deployment Web(string name = "web", string ns = "plant", string image = "web:1") => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = ns },
        Spec = new DeploymentSpec { Score = Score(image) },
    };

    protected static ReconcileScore Score(string image) =>
        new() { PodmanV0 = new PodmanV0Score { Containers = [new Container { Name = "main", Image = image }] } };

    protected static Device Pi(string name, params (string Key, string Value)[] labels) => new()
    {
        Metadata = new ObjectMeta { Name = name, Labels = labels.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value) },
    };

    /// <summary>Adds members to what is stored, as a newer version of this program would have: none of them is known here.</summary>
    /// <param name="key">The Deployment.</param>
    /// <param name="metadata">A merge patch of its metadata.</param>
    /// <param name="spec">A merge patch of its spec.</param>
    /// <param name="status">A merge patch of its status.</param>
    protected abstract Task AddUnknownAsync(ResourceKey key, string metadata, string spec, string status);

    /// <summary>The JSON of a Deployment as it is stored, with all of its members.</summary>
    protected abstract Task<JsonElement> RawAsync(ResourceKey key);

    protected static ResourceRevision At(IResource resource) => ResourceRevision.Of(resource.Metadata);

    protected Task<StoreOutcome<Deployment>> StatusAsync(Deployment seen, DeploymentStatus status) => Store.PatchStatusAsync(Deployments, At(seen), status, Stop);

    protected Task<StoreOutcome<Deployment>> FinalizersAsync(Deployment seen, params ImmutableArray<string> finalizers) =>
        Store.PatchFinalizersAsync(Deployments, At(seen), finalizers, Stop);

    protected static DeploymentStatus Succeeded(int count) => new() { Aggregate = new DeploymentAggregate { Succeeded = count } };

    protected static Deployment WithImage(Deployment deployment, string image) => deployment with { Spec = deployment.Spec with { Score = Score(image) } };

    protected static string Image(Deployment deployment) => deployment.Spec.Score.PodmanV0!.Containers[0].Image;

    protected async Task<Deployment> CreatedAsync(Deployment deployment) => Done(await Store.CreateAsync(Deployments, deployment, Stop));

    protected async Task<Device> CreatedAsync(Device device) => Done(await Store.CreateAsync(Devices, device, Stop));

    protected async Task<T?> StoredAsync<T>(ResourceType<T> type, T like)
        where T : class, IResource =>
        await Store.GetAsync(type, ResourceKey.Of(like.Metadata), Stop) is StoreOutcome<T>.Ok ok ? ok.Resource : null;

    protected async Task<ResourceList<T>> ListedAsync<T>(ResourceType<T> type, ListOptions? options = null)
        where T : class, IResource =>
        (await Store.ListAsync(type, options ?? ListOptions.All, Stop)).ShouldBeOfType<ListOutcome<T>.Ok>().List;

    protected static T Done<T>(StoreOutcome<T> outcome)
        where T : class, IResource =>
        outcome.ShouldBeOfType<StoreOutcome<T>.Ok>().Resource;

    protected static void ShouldBeSame<T>(T? actual, T expected)
        where T : class, IResource =>
        (actual is null ? "nothing" : Text(actual)).ShouldBe(Text(expected));

    private static string Text<T>(T resource)
        where T : class, IResource =>
        JsonSerializer.Serialize(resource, Contracts.Json.ContractsJson.Resources.GetTypeInfo(typeof(T))!);
}
