using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Ports.Resources;

/// <summary>
/// Where intent lives: resources with Kubernetes' semantics. What an outcome calls done is on disk. Spec and status are written apart, each write
/// says which version it is of, and none touches what this program does not know: members that a newer version of it wrote stay as they are.
/// </summary>
public interface IResourceStore
{
    /// <summary>Creates a resource. uid, resourceVersion, generation and creationTimestamp are the store's; its status is ignored.</summary>
    Task<StoreOutcome<T>> CreateAsync<T>(ResourceType<T> type, T resource, CancellationToken cancellationToken)
        where T : class, IResource;

    /// <summary>
    /// Stores again a resource that the store has lost, with the uid that it had: what runs of it is known by that uid. A conflict where a resource of
    /// that uid was removed by intent. Otherwise as <see cref="CreateAsync"/>. A store that cannot choose a uid says that it is <see cref="StoreOutcome{T}.Invalid"/>.
    /// </summary>
    Task<StoreOutcome<T>> RestoreAsync<T>(ResourceType<T> type, T resource, CancellationToken cancellationToken)
        where T : class, IResource;

    /// <summary>Reads one resource.</summary>
    Task<StoreOutcome<T>> GetAsync<T>(ResourceType<T> type, ResourceKey key, CancellationToken cancellationToken)
        where T : class, IResource;

    /// <summary>A page of resources, by namespace and name. Those that cannot be read are told beside the others, and hold up nothing.</summary>
    Task<ListOutcome<T>> ListAsync<T>(ResourceType<T> type, ListOptions options, CancellationToken cancellationToken)
        where T : class, IResource;

    /// <summary>
    /// Writes spec, labels, annotations and finalizers; the stored status stays. Only where its resourceVersion is the stored one; without one it is
    /// <see cref="StoreOutcome{T}.Invalid"/>. The generation grows only when the spec differs. Without any difference nothing is written and the
    /// version stays. Removing the last finalizer of a resource that is being deleted removes it.
    /// </summary>
    Task<StoreOutcome<T>> UpdateAsync<T>(ResourceType<T> type, T resource, CancellationToken cancellationToken)
        where T : class, IResource;

    /// <summary>Writes the status alone (on Kubernetes: a merge patch of the status subresource), only where the revision is the stored one.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="revision">The resource as the writer saw it; without a resourceVersion it is <see cref="StoreOutcome{T}.Invalid"/>.</param>
    /// <param name="status">The whole status, as far as this program knows it: a member that is left out goes.</param>
    /// <param name="cancellationToken">Heeded until the write begins.</param>
    Task<StoreOutcome<T>> PatchStatusAsync<T, TStatus>(
        ResourceType<T, TStatus> type, ResourceRevision revision, TStatus status, CancellationToken cancellationToken)
        where T : class, IResource
        where TStatus : class;

    /// <summary>
    /// Writes the finalizers alone (on Kubernetes: a merge patch), only where the revision is the stored one. Removing the last one of a resource
    /// that is being deleted removes it.
    /// </summary>
    /// <param name="type">The kind.</param>
    /// <param name="revision">The resource as the writer saw it; without a resourceVersion it is <see cref="StoreOutcome{T}.Invalid"/>.</param>
    /// <param name="finalizers">All that it shall have.</param>
    /// <param name="cancellationToken">Heeded until the write begins.</param>
    Task<StoreOutcome<T>> PatchFinalizersAsync<T>(
        ResourceType<T> type, ResourceRevision revision, ImmutableArray<string> finalizers, CancellationToken cancellationToken)
        where T : class, IResource;

    /// <summary>
    /// Deletes a resource: at once, or where finalizers are left by setting its deletionTimestamp (again: nothing changes). One that cannot be
    /// read is deleted at once.
    /// </summary>
    /// <returns>The resource as it last was; of one that could not be read its names alone.</returns>
    Task<StoreOutcome<T>> DeleteAsync<T>(ResourceType<T> type, ResourceKey key, DeletePreconditions preconditions, CancellationToken cancellationToken)
        where T : class, IResource;

    /// <summary>
    /// Which of some resources were removed: what was deleted by intent, and not lost from the store. A removal is known in the moment in which the
    /// resource is gone, and for months after it; a store may also say that it keeps no removals at all. It is known of the name and the uid together:
    /// who names a uid under another name learns nothing, and decides nothing, of the one that has it.
    /// </summary>
    Task<RemovedOutcome> FindRemovedAsync<T>(ResourceType<T> type, ImmutableArray<LostResource> asked, CancellationToken cancellationToken)
        where T : class, IResource;

    /// <summary>
    /// Somebody decided that what the store has lost was to be removed: from now on <see cref="FindRemovedAsync"/> knows it. All or none. A uid of what
    /// is stored is left out, and so is one whose name is taken: that is not lost.
    /// </summary>
    /// <returns>Those of them that are known as removed now.</returns>
    Task<RemovedOutcome> DeclareRemovedAsync<T>(ResourceType<T> type, ImmutableArray<LostResource> lost, CancellationToken cancellationToken)
        where T : class, IResource;

    /// <summary>
    /// Changes after <see cref="WatchOptions.ResourceVersion"/>, in order, without end. Where the store no longer has all of them,
    /// <see cref="WatchEvent{T}.Gone"/> comes and the watch ends: list again. Changes that cannot be read are left out.
    /// </summary>
    IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(ResourceType<T> type, WatchOptions options, CancellationToken cancellationToken)
        where T : class, IResource;
}
