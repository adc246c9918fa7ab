using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Telemetry;

/// <summary>A store whose requests are measured; watches, which last, are not.</summary>
/// <param name="store">The store.</param>
/// <param name="meter">What is measured.</param>
internal sealed class MeteredStore(IResourceStore store, FleetMeter meter) : IResourceStore
{
    private readonly RequestMeter requests = new(meter.StoreTime, "store", "kind");

    /// <inheritdoc/>
    public Task<StoreOutcome<T>> CreateAsync<T>(ResourceType<T> type, T resource, CancellationToken cancellationToken)
        where T : class, IResource => requests.MeasureAsync("create", type.Kind, () => store.CreateAsync(type, resource, cancellationToken));

    /// <inheritdoc/>
    public Task<StoreOutcome<T>> RestoreAsync<T>(ResourceType<T> type, T resource, CancellationToken cancellationToken)
        where T : class, IResource => requests.MeasureAsync("restore", type.Kind, () => store.RestoreAsync(type, resource, cancellationToken));

    /// <inheritdoc/>
    public Task<RemovedOutcome> DeclareRemovedAsync<T>(ResourceType<T> type, ImmutableArray<LostResource> lost, CancellationToken cancellationToken)
        where T : class, IResource => requests.MeasureAsync("declare removed", type.Kind, () => store.DeclareRemovedAsync(type, lost, cancellationToken));

    /// <inheritdoc/>
    public Task<StoreOutcome<T>> GetAsync<T>(ResourceType<T> type, ResourceKey key, CancellationToken cancellationToken)
        where T : class, IResource => requests.MeasureAsync("get", type.Kind, () => store.GetAsync(type, key, cancellationToken));

    /// <inheritdoc/>
    public Task<ListOutcome<T>> ListAsync<T>(ResourceType<T> type, ListOptions options, CancellationToken cancellationToken)
        where T : class, IResource => requests.MeasureAsync("list", type.Kind, () => store.ListAsync(type, options, cancellationToken));

    /// <inheritdoc/>
    public Task<StoreOutcome<T>> UpdateAsync<T>(ResourceType<T> type, T resource, CancellationToken cancellationToken)
        where T : class, IResource => requests.MeasureAsync("update", type.Kind, () => store.UpdateAsync(type, resource, cancellationToken));

    /// <inheritdoc/>
    public Task<StoreOutcome<T>> PatchStatusAsync<T, TStatus>(
        ResourceType<T, TStatus> type, ResourceRevision revision, TStatus status, CancellationToken cancellationToken)
        where T : class, IResource
        where TStatus : class => requests.MeasureAsync("patch status", type.Kind, () => store.PatchStatusAsync(type, revision, status, cancellationToken));

    /// <inheritdoc/>
    public Task<StoreOutcome<T>> PatchFinalizersAsync<T>(
        ResourceType<T> type, ResourceRevision revision, ImmutableArray<string> finalizers, CancellationToken cancellationToken)
        where T : class, IResource => requests.MeasureAsync("patch finalizers", type.Kind, () => store.PatchFinalizersAsync(type, revision, finalizers, cancellationToken));

    /// <inheritdoc/>
    public Task<StoreOutcome<T>> DeleteAsync<T>(ResourceType<T> type, ResourceKey key, DeletePreconditions preconditions, CancellationToken cancellationToken)
        where T : class, IResource => requests.MeasureAsync("delete", type.Kind, () => store.DeleteAsync(type, key, preconditions, cancellationToken));

    /// <inheritdoc/>
    public Task<RemovedOutcome> FindRemovedAsync<T>(ResourceType<T> type, ImmutableArray<LostResource> asked, CancellationToken cancellationToken)
        where T : class, IResource => requests.MeasureAsync("find removed", type.Kind, () => store.FindRemovedAsync(type, asked, cancellationToken));

    /// <inheritdoc/>
    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(ResourceType<T> type, WatchOptions options, CancellationToken cancellationToken)
        where T : class, IResource => store.WatchAsync(type, options, cancellationToken);
}
