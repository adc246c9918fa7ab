using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Ports.Resources;

/// <summary>Where intent lives: resources with Kubernetes' semantics. What an outcome calls done is on disk.</summary>
public interface IResourceStore
{
    /// <summary>Creates a resource. uid, resourceVersion, generation and creationTimestamp are the store's; its status is ignored.</summary>
    Task<StoreOutcome<T>> CreateAsync<T>(ResourceType<T> type, T resource, CancellationToken cancellationToken)
        where T : class, IResource;

    /// <summary>Reads one resource.</summary>
    Task<StoreOutcome<T>> GetAsync<T>(ResourceType<T> type, ResourceKey key, CancellationToken cancellationToken)
        where T : class, IResource;

    /// <summary>A page of resources, by namespace and name. Those that cannot be read are told beside the others, and hold up nothing.</summary>
    Task<ListOutcome<T>> ListAsync<T>(ResourceType<T> type, ListOptions options, CancellationToken cancellationToken)
        where T : class, IResource;

    /// <summary>
    /// Writes spec, labels, annotations and finalizers; the stored status stays. With a resourceVersion, only where it is the stored one.
    /// The generation grows only when the spec differs. Without any difference nothing is written and the version stays.
    /// Removing the last finalizer of a resource that is being deleted removes it.
    /// </summary>
    Task<StoreOutcome<T>> UpdateAsync<T>(ResourceType<T> type, T resource, CancellationToken cancellationToken)
        where T : class, IResource;

    /// <summary>Writes the status alone. With a resourceVersion, only where it is the stored one.</summary>
    Task<StoreOutcome<T>> UpdateStatusAsync<T>(ResourceType<T> type, T resource, CancellationToken cancellationToken)
        where T : class, IResource;

    /// <summary>
    /// Deletes a resource: at once, or where finalizers are left by setting its deletionTimestamp (again: nothing changes). One that cannot be
    /// read is deleted at once.
    /// </summary>
    /// <returns>The resource as it last was; of one that could not be read its names alone.</returns>
    Task<StoreOutcome<T>> DeleteAsync<T>(ResourceType<T> type, ResourceKey key, DeletePreconditions preconditions, CancellationToken cancellationToken)
        where T : class, IResource;

    /// <summary>
    /// Changes after <see cref="WatchOptions.ResourceVersion"/>, in order, without end. Where the store no longer has all of them,
    /// <see cref="WatchEvent{T}.Gone"/> comes and the watch ends: list again. Changes that cannot be read are left out.
    /// </summary>
    IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(ResourceType<T> type, WatchOptions options, CancellationToken cancellationToken)
        where T : class, IResource;
}
