using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Control.Executors;

/// <summary>Carries out what the engine wants done in the store.</summary>
internal sealed class StoreExecutor(IResourceStore store)
{
    /// <summary>Carries out an effect.</summary>
    public async Task<EffectResult> RunAsync(FleetEffect.OnStore effect, CancellationToken cancellationToken) => effect switch
    {
        FleetEffect.ReadDevice read => Judge(await store.GetAsync(ResourceTypes.Devices, new(null, read.Id.Value), cancellationToken)),
        FleetEffect.CreateDevice create => Judge(await store.CreateAsync(ResourceTypes.Devices, create.Resource, cancellationToken)),
        FleetEffect.UpdateDevice update => Judge(await store.UpdateAsync(ResourceTypes.Devices, update.Resource, cancellationToken)),
        FleetEffect.PatchFinalizers { Resource.Metadata: var metadata } =>
            Judge(await store.PatchFinalizersAsync(ResourceTypes.Deployments, ResourceRevision.Of(metadata), metadata.Finalizers, cancellationToken)),
        FleetEffect.PatchDeviceFinalizers { Resource.Metadata: var metadata } =>
            Judge(await store.PatchFinalizersAsync(ResourceTypes.Devices, ResourceRevision.Of(metadata), metadata.Finalizers, cancellationToken)),
        FleetEffect.PatchDeviceStatus { Resource: var device } =>
            Judge(await store.PatchStatusAsync(ResourceTypes.Devices, ResourceRevision.Of(device.Metadata), device.Status ?? new(), cancellationToken)),
        FleetEffect.PatchDeploymentStatus { Resource: var deployment } =>
            Judge(await store.PatchStatusAsync(ResourceTypes.Deployments, ResourceRevision.Of(deployment.Metadata), deployment.Status ?? new(), cancellationToken)),
        FleetEffect.FindRemoved find => await store.FindRemovedAsync<Deployment>(
            ResourceTypes.Deployments, [.. find.Uids.Select(uid => new LostResource(new(find.Key.Namespace.Value, find.Key.Name.Value), uid))], cancellationToken) switch
        {
            RemovedOutcome.Known known => new EffectResult.RemovedFound([.. known.Removed.Select(removed => removed.Uid)]),
            RemovedOutcome.NotKept => new EffectResult.RemovedFound([]),
            _ => new EffectResult.Failed(),
        },
        _ => throw new InvalidOperationException($"The effect is not known: {effect}"),
    };

    private static EffectResult Judge<T>(StoreOutcome<T> outcome)
        where T : class, IResource => outcome switch
    {
        StoreOutcome<T>.Ok { Resource: Deployment deployment } => new EffectResult.DeploymentStored(deployment),
        StoreOutcome<T>.Ok { Resource: Device device } => new EffectResult.DeviceStored(device),
        StoreOutcome<T>.Invalid invalid => new EffectResult.Refused(invalid.Reason),
        StoreOutcome<T>.NotFound => new EffectResult.Done(),

        // AlreadyExists and Conflict: the watch brings the newer one.
        _ => new EffectResult.Failed(),
    };
}
